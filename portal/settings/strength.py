"""What production refuses to start with: each weakness of its environment, in words that say what to do about it.

One place for all secrets, whoever reads them: a variable whose name says that it holds one is looked at, and so is the
password of every address. The settings ask before anything else is read.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from core.strength import too_weak

#: Names of variables of the portal that hold a secret, with the least number of characters.
SECRETS = {
    "SECRET_KEY": 50,
    "SECRET_KEY_FALLBACKS": 50,
    "READYZ_TOKEN": 32,
    "AUDIT_KEY": 43,
    "AUDIT_KEY_FALLBACKS": 43,
    "DATA_KEY": 43,
    "DATA_KEY_FALLBACKS": 43,
    "INDEX_KEY": 43,
    "INDEX_KEY_FALLBACKS": 43,
}
_SECRET_NAME = re.compile(r"(_SECRET|_SECRETS|_TOKEN|_KEY|_KEYS|_PASSWORD|_PEPPER|_SALT)$")
_FOREIGN_NAME = re.compile(r"^(AWS|AZURE|GCP|GOOGLE|GITHUB|GITLAB|CI|DOCKER|KUBERNETES|TLS|SSH|GPG)_")
LEAST_PASSWORD = 16
#: The countries whose ministries sign certificates, each with a key of its own.
SIGNING_COUNTRIES = ("KZ", "KG", "UZ")
_SIGNING_KEY = re.compile(r"([A-Z]{2}):[A-Za-z0-9_-]{43}")
_MAKE_SIGNING = (
    "Each ministry has one, such as KZ:… made with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))' "
    "and put after its country’s two letters and a colon."
)
_LOCAL = {"", "localhost", "127.0.0.1", "::1"}
_SAFE_TLS = {"require", "verify-ca", "verify-full"}
_MAKE = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"


def weaknesses(environment: Mapping[str, str], *, demonstration: Path | None = None) -> list[str]:
    """Sentences, one for each weakness; empty where production may start. `demonstration` is its secret key's file."""
    found = [
        *_of_secrets(environment),
        *_of_one_secret_twice(environment),
        *_of_the_demonstration(environment, demonstration),
        *_of_database("DATABASE_URL", environment),
        *_of_database("DATABASE_OWNER_URL", environment),
        *_of_redis(environment.get("REDIS_URL", "")),
        *_of_mail(environment.get("EMAIL_URL", "")),
        *_of_addresses(environment),
        *_of_signing_keys(environment),
    ]
    return list(dict.fromkeys(found))


def _of_secrets(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in sorted(environment.items()):
        if not value or not (name in SECRETS or _SECRET_NAME.search(name)) or _FOREIGN_NAME.search(name):
            continue
        for one in value.split(",") if name.endswith(("S", "_KEYS")) else [value]:
            if fault := too_weak(one.strip(), SECRETS.get(name, LEAST_PASSWORD)):
                yield f"{name} {fault}. {_MAKE}"


def _of_one_secret_twice(environment: Mapping[str, str]) -> Iterator[str]:
    """Each has a use of its own: who learns the one must not have the other."""
    seen: dict[str, str] = {}
    for name in SECRETS:
        for one in filter(None, (part.strip() for part in environment.get(name, "").split(","))):
            if (other := seen.setdefault(one, name)) != name:
                yield f"{name} is the same as {other}. {_MAKE}"


def _of_the_demonstration(environment: Mapping[str, str], key: Path | None) -> Iterator[str]:
    try:
        demonstrations = key.read_text("utf-8").strip() if key else ""
    except OSError:
        return
    if demonstrations and demonstrations in environment.values():
        yield f"SECRET_KEY is the demonstration’s. {_MAKE}"


def _of_database(name: str, environment: Mapping[str, str]) -> Iterator[str]:
    url = environment.get(name, "")
    found = urlsplit(url)
    if not url or _is_local(found):
        return
    if parse_qs(found.query).get("sslmode", [""])[-1] not in _SAFE_TLS:
        yield (
            f"{name} leads to another machine without TLS: add ?sslmode=verify-full to it (with sslrootcert=… for "
            "your own authority), or use a socket."
        )
    yield from _of_password(name, found)


def _of_redis(url: str) -> Iterator[str]:
    found = urlsplit(url)
    if not url or found.scheme == "unix":
        return
    if not found.password:
        yield (
            "REDIS_URL has no password: set requirepass at the server and write redis://:password@host:6379/0, or use "
            "a socket with unix://."
        )
        return
    yield from _of_password("REDIS_URL", found)


def _of_mail(url: str) -> Iterator[str]:
    found = urlsplit(url)
    if not url:
        return
    if not found.scheme.startswith("smtp"):
        yield f"EMAIL_URL is {found.scheme}://, which sends nothing: name a mail server with smtp+tls://."
    elif found.scheme == "smtp" and not _is_local(found):
        yield "EMAIL_URL leads to another machine without TLS: write smtp+tls:// or smtp+ssl://."
    if found.password:
        yield from _of_password("EMAIL_URL", found, least=8)


def _of_password(name: str, found: SplitResult, least: int = LEAST_PASSWORD) -> Iterator[str]:
    if fault := too_weak(unquote(found.password or ""), least):
        yield f"The password in {name} {fault}. {_MAKE}"


def _of_addresses(environment: Mapping[str, str]) -> Iterator[str]:
    hosts = [host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    public = urlsplit(environment.get("PUBLIC_URL", ""))
    if not hosts or any("*" in host or host.startswith(".") for host in hosts):
        yield "ALLOWED_HOSTS must name the portal’s hosts one by one, with no “*” and no dot at the beginning."
    elif public.hostname and public.hostname not in hosts:
        yield "ALLOWED_HOSTS lacks the host of PUBLIC_URL."
    if public.scheme not in {"", "https"}:
        yield "PUBLIC_URL must start with https:// in production."
    for name in ("DEBUG", "DJANGO_DEBUG"):
        if environment.get(name, "").lower() not in {"", "0", "false", "no", "off"}:
            yield f"{name} is set. The portal shows no traces of errors in production: take it out."


def _of_signing_keys(environment: Mapping[str, str]) -> Iterator[str]:
    if environment.get("PAPER_SIGNER"):  # a key store of one's own
        return
    keys = [key.strip() for key in environment.get("SIGNING_KEYS", "").split(",") if key.strip()]
    found = [_SIGNING_KEY.fullmatch(key) for key in keys]
    if not all(found):
        yield f"SIGNING_KEYS has what is no key of a ministry. {_MAKE_SIGNING}"
    elif missing := set(SIGNING_COUNTRIES) - {match[1] for match in found if match}:
        yield f"SIGNING_KEYS has no key of: {', '.join(sorted(missing))}. {_MAKE_SIGNING}"
    elif len({key[3:] for key in keys}) < len(keys):
        yield f"SIGNING_KEYS has one secret twice. {_MAKE_SIGNING}"


def _is_local(found: SplitResult) -> bool:
    host = unquote(found.hostname or "")
    asked = parse_qs(found.query).get("host", [""])[0]
    return (host in _LOCAL or host.startswith("/")) and (asked in _LOCAL or asked.startswith("/"))
