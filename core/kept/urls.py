from django.urls import path

from core.kept import views

app_name = "kept"
urlpatterns = [
    path("", views.kept_texts, name="list"),
    path("<str:form>/", views.kept_text, name="detail"),
]
