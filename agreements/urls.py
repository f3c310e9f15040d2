from django.urls import path

from agreements.pages import editing, register

app_name = "agreements"
_VERSION = "<slug:code>/versions/<number:number>/"
urlpatterns = [
    path("", register.agreements, name="list"),
    path("<slug:code>/", register.agreement, name="detail"),
    path("<slug:code>/versions/", editing.draft, name="draft"),
    path(_VERSION, register.version, name="version"),
    path(f"{_VERSION}edit/<slug:part>/", editing.edit, name="edit"),
    path(f"{_VERSION}chains/<number:place>/", editing.chain, name="chain"),
    path(f"{_VERSION}chains/<number:place>/stages/<number:step>/", editing.stage, name="stage"),
    path(f"{_VERSION}chains/<number:place>/remove/", editing.remove, name="remove_chain"),
    path(
        f"{_VERSION}chains/<number:place>/stages/<number:step>/remove/", editing.remove, name="remove_stage"
    ),
    path(f"{_VERSION}do/<slug:deed>/", editing.act, name="act"),
]
