from django.urls import path

from portal.web import messages_views as views

app_name = "messages"
urlpatterns = [
    path("", views.inbox_page, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("<key:message_id>/open/", views.open_message, name="open"),
]
