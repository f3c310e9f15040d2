from django.urls import path

from trust import views

app_name = "trust"
urlpatterns = [
    path("did.json", views.keys, name="keys"),
    path("<slug:country>/did.json", views.keys, name="keys_of"),
]
