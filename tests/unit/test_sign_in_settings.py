"""What production refuses to start with, of the settings of signing in."""

import runpy
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings import environment


def read(monkeypatch: pytest.MonkeyPatch, *, production: bool, **variables: str) -> dict[str, Any]:
    monkeypatch.setattr(environment, "PRODUCTION", production)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path("portal/settings/sign_in.py")


def test_production_refuses_the_demonstrations_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, production=True)["SECOND_FACTOR_DEMONSTRATION_CODE"] == ""
    given = {"SECOND_FACTOR_DEMONSTRATION_CODE": "135790"}
    assert read(monkeypatch, production=False, **given)["SECOND_FACTOR_DEMONSTRATION_CODE"] == "135790"
    with pytest.raises(ImproperlyConfigured, match="for the demonstration only"):
        read(monkeypatch, production=True, **given)


def test_limits_by_role_are_read_and_wrong_ones_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, production=True, SESSION_LIMITS="officer=5/6,=45/9")["SESSION_LIMITS"]
    assert (found["officer"], found[""], found["administrator"]) == ((5, 6), (45, 9), (20, 8))
    for wrong in ("officer=5", "officer=0/6", "officer=x/y", "officer=5/25"):
        with pytest.raises(ImproperlyConfigured, match="isn't understood"):
            read(monkeypatch, production=True, SESSION_LIMITS=wrong)
