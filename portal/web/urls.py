from django.urls import path

from portal.web import export, statement, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("audit/", views.audit, name="audit"),
    path("patients/<key:patient_id>/statement/", statement.ask, name="statement"),
    path("patients/<key:patient_id>/export/", export.ask, name="export"),
    path("healthz", views.healthz, name="healthz"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("readyz", views.readyz, name="readyz"),
]
