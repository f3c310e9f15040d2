"""Settings: the only place that reads the environment.

`DJANGO_ENV` is one of `production` (the default), `demo`, `test` and `development`. Production refuses to start
with a missing or a default secret; the others run on the embedded servers of `./dev`.
"""

import os
from pathlib import Path

from core import channels, languages
from core.walls.roles import WEB, WORKER
from portal.settings.administration import *  # noqa: F403
from portal.settings.administration import ADMIN_HOST
from portal.settings.api import *  # noqa: F403
from portal.settings.environment import (
    BASE_DIR,
    ENVIRONMENT,
    PRODUCTION,
    PUBLIC_URL,
    SIGNER,
    TESTING,
    audit_key,
    data_key,
    env,
    required,
    secret_key,
    signing_keys,
)
from portal.settings.people import *  # noqa: F403
from portal.settings.sign_in import *  # noqa: F403

DEBUG = False
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
if ADMIN_HOST:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, ADMIN_HOST.partition(":")[0]]
    CSRF_TRUSTED_ORIGINS = [*CSRF_TRUSTED_ORIGINS, f"https://{ADMIN_HOST}"]
AUDIT_KEY = audit_key()
PAPER_SIGNER, SIGNING_KEYS = SIGNER, signing_keys()
AUDIT_KEY_FALLBACKS = env.list("AUDIT_KEY_FALLBACKS", default=[])
# What seals numbers, contact details and documents, and what hashes those that must be found (core/sealed).
DATA_KEY = data_key("DATA_KEY", env.str("DATA_KEY", ""))
DATA_KEY_FALLBACKS = env.list("DATA_KEY_FALLBACKS", default=[])
INDEX_KEY = data_key("INDEX_KEY", env.str("INDEX_KEY", ""))
INDEX_KEY_FALLBACKS = env.list("INDEX_KEY_FALLBACKS", default=[])
# Dotted path of the class that gives these keys; the operator's own may ask a key management service.
KEYS_FROM = env.str("KEYS_FROM", "core.sealed.keys.Environment")
# Where a weakness is reported: an e-mail address or a page's address, shown at the end of every page.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "").strip()
# Who sends it to /readyz is told which part fails; empty: nobody.
READYZ_TOKEN = env.str("READYZ_TOKEN", "")
STATE_DIR = Path(env.str("STATE_DIR", str(BASE_DIR / "var")))
# The signed heads of the audit log, outside the database: best where its administrator can't write.
AUDIT_COPIES = Path(required("AUDIT_COPIES", str(STATE_DIR / "audit")))

INSTALLED_APPS = [
    "core.administration.apps.Administration",
    # Before Django's own, whose commands about accounts it replaces.
    "core.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "portal.web.staticfiles.StaticFiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "django_otp",
    "django_otp_webauthn",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "pgtrigger",
    "rest_framework",
    "core.api",
    "core.audit",
    "core.feed",
    "core.kept",
    "core.outbox",
    "core.sealed",
    "core.walls",
    "facilities",
    "disclosure",
    "patients",
    "agreements",
    "trust",
    "referrals",
    "retention",
    "portal.web",
]
if not PRODUCTION:
    INSTALLED_APPS += ["demo"]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.chunked.ChunkedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.administration.address.AdminAddressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    # Before the session, whose cookie is a word from outside as well.
    "core.wellformed.WellFormedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.accounts.sessions.SessionLimitsMiddleware",
    "core.audit.middleware.RefusalMiddleware",
    # Before the next one, which sends a person whose session has ended to sign in and drops what they posted.
    "core.kept.middleware.RescueMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Before ActorMiddleware, which undoes what a view wrote, so that they see the error after it. Whoever must show a
    # second factor is led there and sees no page of an error.
    "core.middleware.PortalErrorMiddleware",
    "core.accounts.gate.SecondFactorMiddleware",
    "core.accounts.middleware.ActorMiddleware",
    "core.middleware.PrivateResponseMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "portal.web.context.page",
            ],
        },
    },
]
FORM_RENDERER = "portal.web.forms_renderer.PortalFormRenderer"

# --- Database -------------------------------------------------------------------------------------------------------
# The portal's processes log in with a role that owns nothing; a release, and the tests, with the owner's.
_RUNTIME_URL = required("DATABASE_URL", "postgres:///portal")
_OWNER_URL = env.str("DATABASE_OWNER_URL", "")
AS_OWNER = TESTING or env.str("DATABASE_AS", "") == "owner"
DATABASES = {"default": env.db_url_config(_OWNER_URL if AS_OWNER and _OWNER_URL else _RUNTIME_URL)}
# With another login than a process's own, which is the tests' and a development's, its role is taken for each
# transaction. Never in production, where who logs in as the owner sees no row.
WALLS_SET_ROLE = (
    not PRODUCTION and (TESTING or not AS_OWNER) and DATABASES["default"].get("USER") not in {WEB, WORKER}
)
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 300)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Django writes a list's joins from the row outwards, which is the right order. Looking for a better one among eight
# tables takes PostgreSQL 40 ms; among three, less than the query itself (docs/performance.md).
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "join_collapse_limit": 3,
        "jit": "off",
        # Seconds; 0 is no limit. Nothing that a person waits for takes that long: somebody holds the others up.
        "statement_timeout": f"{env.int('DB_STATEMENT_TIMEOUT', 30)}s",
        "lock_timeout": f"{env.int('DB_LOCK_TIMEOUT', 10)}s",
        "idle_in_transaction_session_timeout": f"{env.int('DB_IDLE_TIMEOUT', 60)}s",
    }.items()
)
if AS_OWNER or WALLS_SET_ROLE:
    # Row-level security is forced on the owner too; a release says that it means all rows.
    DATABASES["default"]["OPTIONS"]["options"] += " -c portal.maintenance=on"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker and cache -----------------------------------------------------------------------------------------------
REDIS_URL = required("REDIS_URL", "redis://127.0.0.1:6379/0")


def _broker_url(url: str) -> str:
    """Celery's spelling of a Redis address: `unix:///path` becomes `redis+socket:///path`."""
    if not url.startswith("unix://"):
        return url
    # The cache calls the number of the database `db`, Celery `virtual_host`.
    return "redis+socket://" + url.removeprefix("unix://").replace("?db=", "?virtual_host=")


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}
CELERY_BROKER_URL = _broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,
    "visibility_timeout": 60,
    "max_retries": 0,  # a hint that can't be sent is dropped at once: without this filing waits six seconds for it
    "global_keyprefix": "portal:",
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 2)
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Languages ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = languages.choices()
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Almaty"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 31_536_000

# --- Static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "portal.web.storage.StaticFilesStorage"
    },
}
if ENVIRONMENT == "demo":  # they are collected at the start, while somebody waits
    STORAGES["staticfiles"]["BACKEND"] = "demo.static.QuickStaticFilesStorage"
WHITENOISE_USE_FINDERS = TESTING
# Half the files: collecting takes a third of the time.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "zip",
    "gz",
    "br",
    "woff",
    "woff2",
]

# --- Telling people -------------------------------------------------------------------------------------------------
# Each channel reads its own, in its folder.
globals().update(channels.read_settings(env, production=PRODUCTION, state_dir=STATE_DIR))

# --- Log ------------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "core.logs.WithoutContent",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING" if TESTING else "INFO")},
    "loggers": {"django.db.backends": {"level": "WARNING"}},
}
# A demonstration's address may be http://127.0.0.1, where passkeys aren't offered.
SILENCED_SYSTEM_CHECKS: list[str] = [] if PRODUCTION else ["otp_webauthn.E031"]
os.environ.setdefault("TZ", "UTC")
