"""The API's own addresses; the last one answers for everything that isn't there."""

from django.urls import path, re_path

from core.api import about, events, views

urlpatterns = [
    path("schema/", about.Schema.as_view(), name="schema"),
    path("docs/", about.documentation, name="docs"),
    path("events/", events.Events.as_view(), name="events"),
    path("me/", about.Me.as_view(), name="me"),
    path("problems/", about.Problems.as_view(), name="problems"),
    path("problems/<slug:code>/", about.OneProblem.as_view(), name="problem"),
    re_path(r"^.*$", views.UnknownPath.as_view(), name="unknown"),
]
