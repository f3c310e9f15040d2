"""What production refuses to start with, each weakness by its words; and that a strong environment has none."""

import base64
import hashlib
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from core.strength import too_weak
from portal.settings.strength import SECRETS, weaknesses

ROOT = Path(__file__).resolve().parents[2]


def made(name: str, length: int = 24) -> str:
    """A value as random as a secret, the same in every run."""
    return base64.urlsafe_b64encode(hashlib.sha512(name.encode()).digest()).decode()[:length]


DATABASE, BROKER, MAIL = made("database"), made("broker"), made("mail", 12)
STRONG = {
    "DJANGO_ENV": "production",
    "SECRET_KEY": made("key", 86),
    "AUDIT_KEY": made("audit", 43),
    "DATA_KEY": made("data", 43),
    "INDEX_KEY": made("index", 43),
    "AUDIT_COPIES": "/var/lib/portal/audit",
    "SIGNING_KEYS": ",".join(f"{country}:{made(country, 43)}" for country in ("KZ", "KG", "UZ")),
    "PUBLIC_URL": "https://portal.health.example",
    "ALLOWED_HOSTS": "portal.health.example",
    "DATABASE_URL": f"postgres://portal:{DATABASE}@db.health.example:5432/portal?sslmode=verify-full",
    "REDIS_URL": f"rediss://:{BROKER}@cache.health.example:6379/0",
    "EMAIL_URL": f"smtp+tls://portal:{MAIL}@mail.health.example:587",
    "SMS_BACKEND": "off",
}
WEAK = [
    ("SECRET_KEY", made("short", 20), "shorter than 50"),
    (
        "SECRET_KEY",
        "only-for-the-demonstration-and-the-tests-never-for-production",
        "a word that others know",
    ),
    ("SECRET_KEY", "changeme" * 10, "a word that others know"),
    ("SECRET_KEY", "django-insecure-secret-key-please-change-me-1234567890", "others know|no random value"),
    ("SECRET_KEY", "k" * 64, "no random value"),
    ("SECRET_KEY", "ab3" * 30, "no random value"),
    ("SECRET_KEY", "".join(chr(number) for number in range(40, 110)), "no random value"),
    ("SECRET_KEY_FALLBACKS", "short,also-short", "SECRET_KEY_FALLBACKS is shorter than 50"),
    ("AUDIT_KEY", "b25seS1mb3ItdGhlLXRlc3RzLW9mLWF1ZGl0LWtleXM"[:40], "AUDIT_KEY is shorter than 43"),
    ("DATA_KEY", "changeme" * 6, "DATA_KEY is made of a word"),
    ("DATA_KEY_FALLBACKS", "k" * 43, "DATA_KEY_FALLBACKS is no random value"),
    ("INDEX_KEY", made("data", 43), "INDEX_KEY is the same as DATA_KEY"),
    ("AUDIT_KEY_FALLBACKS", "k" * 43, "AUDIT_KEY_FALLBACKS is no random value"),
    (
        "SIGNING_KEYS",
        f"KZ:{'k' * 43},KG:{made('KG', 43)},UZ:{made('UZ', 43)}",
        "SIGNING_KEYS is no random value",
    ),
    ("SIGNING_KEYS", f"KZ:{made('KZ', 43)}", "SIGNING_KEYS has no key of: KG, UZ"),
    ("SIGNING_KEYS", "", "SIGNING_KEYS has no key of: KG, KZ, UZ"),
    ("SIGNING_KEYS", f"KZ:{made('KZ', 43)},Kirgistan:{made('KG', 43)}", "SIGNING_KEYS has what is no key"),
    ("SIGNING_KEYS", ",".join(f"{one}:{made('KZ', 43)}" for one in ("KZ", "KG", "UZ")), "one secret twice"),
    (
        "DATABASE_OWNER_URL",
        f"postgres://owner:{DATABASE}@db:5432/portal",
        "DATABASE_OWNER_URL leads.* without TLS",
    ),
    ("READYZ_TOKEN", "secret", "READYZ_TOKEN is shorter than 32"),
    ("FIELD_ENCRYPTION_KEY", "0" * 44, "FIELD_ENCRYPTION_KEY is no random value"),
    ("SMS_GATEWAY_TOKEN", "changeme-changeme", "SMS_GATEWAY_TOKEN is made of a word"),
    ("DATABASE_URL", f"postgres://portal:{DATABASE}@db:5432/portal", "without TLS"),
    ("DATABASE_URL", f"postgres://portal:{DATABASE}@db/portal?sslmode=prefer", "without TLS"),
    ("DATABASE_URL", f"postgres://portal:{DATABASE}@/portal?host=10.0.0.7", "without TLS"),
    (
        "DATABASE_URL",
        "postgres://portal:postgres@db/portal?sslmode=require",
        "password in DATABASE_URL is shorter",
    ),
    ("DATABASE_URL", "postgres://portal@db/portal?sslmode=require", "password in DATABASE_URL is shorter"),
    (
        "DATABASE_URL",
        "postgres://portal:passwordpassword@db/portal?sslmode=require",
        "a word that others know",
    ),
    ("REDIS_URL", "redis://127.0.0.1:6379/0", "REDIS_URL has no password"),
    ("REDIS_URL", "redis://valkey:6379/0", "REDIS_URL has no password"),
    ("REDIS_URL", "redis://:valkeyvalkeyvalkey@valkey:6379/0", "password in REDIS_URL is made of a word"),
    ("EMAIL_URL", "consolemail://", "sends nothing"),
    ("EMAIL_URL", f"smtp://portal:{MAIL}@mail.health.example:25", "without TLS"),
    ("EMAIL_URL", "smtp+tls://portal:password@mail.health.example", "password in EMAIL_URL"),
    ("ALLOWED_HOSTS", "*", "one by one"),
    ("ALLOWED_HOSTS", ".health.example,portal.health.example", "one by one"),
    ("ALLOWED_HOSTS", "", "one by one"),
    ("ALLOWED_HOSTS", "other.example", "lacks the host"),
    ("PUBLIC_URL", "http://portal.health.example", "must start with https"),
    ("DEBUG", "true", "DEBUG is set"),
]


@pytest.mark.parametrize(("name", "value", "words"), WEAK)
def test_each_weakness_is_named_with_what_to_do(name: str, value: str, words: str) -> None:
    found = weaknesses({**STRONG, name: value})
    assert len(found) == 1, found
    assert re.search(words, found[0])
    assert found[0].endswith((".", "_urlsafe(64))'"))
    assert not re.search(f"{DATABASE}|{MAIL}|valkeyvalkey|changeme|{made('short', 20)}", found[0]), (
        "a secret isn't repeated in a log"
    )


def test_a_strong_environment_has_none(tmp_path: Path) -> None:
    assert weaknesses(STRONG) == []
    for url in (
        "postgres:///portal",
        "postgres://portal@/%2Frun%2Fpostgresql/portal",
        "postgres://a:b@localhost/portal",
    ):
        assert weaknesses({**STRONG, "DATABASE_URL": url}) == []
    for _ in range(200):  # what the words tell people to make is always taken
        assert too_weak(secrets.token_urlsafe(64), 50) == ""
        assert too_weak(secrets.token_urlsafe(16), 16) == ""
        assert too_weak(secrets.token_hex(32), 50) == ""
    assert weaknesses({**STRONG, "AWS_SECRET_ACCESS_KEY": "x", "CI_JOB_TOKEN": "x"}) == [], (
        "nothing of the portal's"
    )
    key = tmp_path / "secret_key"
    key.write_text(STRONG["SECRET_KEY"])
    assert "demonstration" in weaknesses(STRONG, demonstration=key)[0]


def test_every_secret_that_the_code_reads_is_looked_at() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "portal/settings").glob("*.py"))
    read = set(re.findall(r'env\.\w+\(\s*"((?:[A-Z]+_)*(?:SECRET|TOKEN|KEY|PASSWORD)(?:_[A-Z]+)*)"', code))
    assert read >= {"SECRET_KEY", "READYZ_TOKEN"}
    for name in read:
        value = "short"
        assert [fault for fault in weaknesses({**STRONG, name: value}) if fault.startswith(name)], name
    assert set(SECRETS) <= read


def test_the_portal_does_not_start_and_says_all_at_once() -> None:
    weak = {**STRONG, "SECRET_KEY": "k" * 64, "REDIS_URL": "redis://valkey:6379/0"}
    for environment, refused in ((weak, True), (STRONG, False)):
        done = subprocess.run(
            [sys.executable, "-c", "import portal.settings as s; assert not s.DEBUG"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode != 0) == refused, done.stderr
        if refused:
            assert "- SECRET_KEY is no random value" in done.stderr
            assert "- REDIS_URL has no password" in done.stderr
