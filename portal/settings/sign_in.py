"""Signing in: the second factor, sessions, passwords, and how many attempts are too many."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import ENVIRONMENT, HTTPS, PRODUCTION, PUBLIC_URL, env

AUTHENTICATION_BACKENDS = ["core.accounts.backends.PortalBackend"]
SIGN_IN_POLICY = "facilities.memberships.sign_in_policy"

PERSON_ADMINISTRATOR = "facilities.access.may_administer_person"

# --- The second factor ----------------------------------------------------------------------------------------------
# A decision, a credential or an export asks for it again after so many minutes.
SECOND_FACTOR_MINUTES = env.int("SECOND_FACTOR_MINUTES", 15)
# Stands for everybody's telephone in the demonstration.
SECOND_FACTOR_DEMONSTRATION_CODE = env.str(
    "SECOND_FACTOR_DEMONSTRATION_CODE", "135790" if ENVIRONMENT == "demo" else ""
)
if PRODUCTION and SECOND_FACTOR_DEMONSTRATION_CODE:
    raise ImproperlyConfigured(
        "SECOND_FACTOR_DEMONSTRATION_CODE opens accounts with one code, for the demonstration only: unset it."
    )
_host = urlsplit(PUBLIC_URL)
OTP_WEBAUTHN_RP_ID = env.str("PASSKEY_DOMAIN", _host.hostname or "localhost")
OTP_WEBAUTHN_RP_NAME = "Patient mobility"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [PUBLIC_URL]
if not PRODUCTION:  # a browser makes passkeys for a name only, never for an address such as 127.0.0.1
    OTP_WEBAUTHN_RP_ID = "localhost" if OTP_WEBAUTHN_RP_ID == "127.0.0.1" else OTP_WEBAUTHN_RP_ID
    OTP_WEBAUTHN_ALLOWED_ORIGINS = [f"{_host.scheme}://{OTP_WEBAUTHN_RP_ID}:{_host.port or 80}", PUBLIC_URL]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False

# --- Sessions -------------------------------------------------------------------------------------------------------
SESSION_ENGINE = "core.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
# Minutes without a request, and hours in all; the shortest of a person's roles counts, "" where a role isn't named.
SESSION_LIMITS = {
    "": (60, 12),
    "officer": (30, 10),
    "auditor": (30, 10),
    "administrator": (20, 8),
}
for _part in env.list("SESSION_LIMITS", default=[]):
    try:
        _role, _, _limits = _part.partition("=")
        _idle, _hours = (int(number) for number in _limits.split("/"))
    except ValueError:
        _idle = _hours = 0
    if _idle < 1 or not 1 <= _hours <= 24:
        raise ImproperlyConfigured(
            f"SESSION_LIMITS: {_part!r} isn't understood. Write role=minutes/hours, for instance officer=30/10."
        )
    SESSION_LIMITS[_role.strip()] = (_idle, _hours)

# --- Attempts -------------------------------------------------------------------------------------------------------
# How many proxies of ours add to X-Forwarded-For; what stands before their entries is believed by nobody.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 1 if env.bool("BEHIND_PROXY", False) else 0)
KNOWN_DEVICE_COOKIE_NAME = "__Host-known" if HTTPS else "known"

# --- Passwords ------------------------------------------------------------------------------------------------------
PASSWORDS_REMEMBERED = env.int("PASSWORDS_REMEMBERED", 10)
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": "core.accounts.passwords.EasyToGuessValidator"},
    {"NAME": "core.accounts.passwords.NotAgainValidator"},
]
