"""The mail server, from the environment."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def read(env: Any, *, production: bool, state_dir: Path) -> dict[str, Any]:
    """Django's settings of mail. Raises ImproperlyConfigured where production names no server."""
    url = env.str("EMAIL_URL", "" if production else "smtp://127.0.0.1:1025")
    if not url:
        raise ImproperlyConfigured("EMAIL_URL is missing. docs/operations.md lists every variable.")
    found = env.email_url_config(url)
    return {
        "EMAIL_BACKEND": found["EMAIL_BACKEND"],
        "EMAIL_HOST": found.get("EMAIL_HOST") or "",
        "EMAIL_PORT": found.get("EMAIL_PORT") or 25,
        "EMAIL_HOST_USER": found.get("EMAIL_HOST_USER") or "",
        "EMAIL_HOST_PASSWORD": found.get("EMAIL_HOST_PASSWORD") or "",
        "EMAIL_USE_TLS": found.get("EMAIL_USE_TLS", False),
        "EMAIL_USE_SSL": found.get("EMAIL_USE_SSL", False),
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": env.str("DEFAULT_FROM_EMAIL", "portal@localhost"),
    }
