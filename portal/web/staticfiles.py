"""Which static files are collected."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Django's own, without the pages of packages that the portal doesn't show: half the files, and a quicker start."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",  # its browsable API
        "oauth2_provider",  # its pages for registering applications
        "redoc",  # the other documentation page
        "LICENSE",
        "*.map",  # the sources of packages, which nobody needs to see here
    ]
