"""The cross-border patient mobility portal: the project package."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
