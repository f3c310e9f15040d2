"""The addresses of a host that doesn't serve the administration."""

from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import public as urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
