"""Which environment this is, and how its variables are read."""

import base64
import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from portal.settings.strength import SIGNING_COUNTRIES, weaknesses

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

ENVIRONMENT = env.str("DJANGO_ENV", "production")
if ENVIRONMENT not in {"production", "demo", "test", "development"}:
    raise ImproperlyConfigured(f"DJANGO_ENV is {ENVIRONMENT!r}; use production, demo, test or development.")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"

# One place says what production must not start with; here, before any of it is read.
if PRODUCTION and (_faults := weaknesses(os.environ, demonstration=BASE_DIR / "var" / "demo" / "secret_key")):
    raise ImproperlyConfigured(
        "Production refuses to start:\n" + "\n".join(f"- {fault}" for fault in _faults)
    )

INSECURE_AUDIT_KEY = "b25seS1mb3ItdGhlLXRlc3RzLW9mLWF1ZGl0LWtleXM"
#: Of nobody's ministry: for tests and a development without a key of its own.
INSECURE_SIGNING_KEYS = [
    f"{country}:{base64.urlsafe_b64encode(f'only-for-tests-never-real-key-{country}'.encode()).decode().rstrip('=')}"
    for country in SIGNING_COUNTRIES
]
SIGNER = env.str("PAPER_SIGNER", "trust.signers.EnvironmentSigner")
INSECURE_DATA_KEYS = {
    "DATA_KEY": "b25seS1mb3ItdGhlLXRlc3RzLW9mLXNlYWxlZC1kYXQ",
    "INDEX_KEY": "b25seS1mb3ItdGhlLXRlc3RzLW9mLWJsaW5kLWluZGU",
}
INSECURE_KEY = "only-for-the-demonstration-and-the-tests-never-for-production"


def secret_key() -> str:
    """The key that signs; a default one serves everywhere but in production."""
    key = env.str("SECRET_KEY", "" if PRODUCTION else INSECURE_KEY)
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return key


def required(name: str, default: str) -> str:
    """The variable's value; outside production `default` may stand in for it."""
    value = env.str(name, "" if PRODUCTION else default)
    if not value:
        raise ImproperlyConfigured(f"{name} is missing. docs/operations.md lists every variable.")
    return value


def audit_key() -> str:
    """The secret that proves the audit log's rows and signs its chain; a default one never serves production."""
    key = env.str("AUDIT_KEY", "" if PRODUCTION else INSECURE_AUDIT_KEY)
    if PRODUCTION and (len(key) < 43 or key == INSECURE_AUDIT_KEY or key == env.str("SECRET_KEY", "")):
        raise ImproperlyConfigured(
            "AUDIT_KEY is missing, the default or no key. Set it to 32 random bytes in base64, for instance from: "
            "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return key


def signing_keys() -> list[str]:
    """The ministries' private keys, `KZ:<secret>` each; those of the tests never serve production."""
    keys = env.list("SIGNING_KEYS", default=[] if PRODUCTION else INSECURE_SIGNING_KEYS)
    if PRODUCTION and set(keys) & set(INSECURE_SIGNING_KEYS):
        raise ImproperlyConfigured("SIGNING_KEYS has a key of the tests, which everybody knows.")
    return keys


def data_key(name: str, key: str) -> str:
    """DATA_KEY or INDEX_KEY; a default one never serves production, where KEYS_FROM may stand in for it."""
    key = key or ("" if PRODUCTION else INSECURE_DATA_KEYS[name])
    known = key in INSECURE_DATA_KEYS.values()
    if PRODUCTION and (known or (len(key) < 43 and not env.str("KEYS_FROM", ""))):
        raise ImproperlyConfigured(
            f"{name} is missing, the default or no key. Set it to 32 random bytes in base64, for instance from: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return key


PUBLIC_URL = required("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
