"""Where the administration is served: at an address of its own, or not at all."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import PRODUCTION, PUBLIC_URL, env

_given = env.str("ADMIN_URL", "").strip()
#: Empty: not served. Outside of production it stands beside the pages, for anybody to try.
ADMIN_URL = _given or ("" if PRODUCTION else f"{PUBLIC_URL}/admin/")
_parts = urlsplit(ADMIN_URL)
#: The host (and port) that alone serves it; empty where any host does.
ADMIN_HOST = _parts.netloc if _given else ""
ADMIN_PATH = f"{_parts.path.strip('/') or 'admin'}/" if ADMIN_URL else ""
PUBLIC_URLCONF = "portal.public_urls"
#: How long a second factor that was shown opens the administration.
ADMIN_STEP_MINUTES = env.int("ADMIN_STEP_MINUTES", 30)

if PRODUCTION and _given and (_parts.scheme != "https" or _parts.netloc == urlsplit(PUBLIC_URL).netloc):
    raise ImproperlyConfigured(
        "ADMIN_URL must start with https:// and have another host or port than PUBLIC_URL, "
        "for instance https://admin.portal.example/admin/."
    )
