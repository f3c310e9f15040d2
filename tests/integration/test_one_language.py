"""No page mixes two languages: what a page, a problem of the API or a letter asks for is in the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

from core.outbox import work
from referrals.events import WITH_PAGE
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World

#: Texts that are the same everywhere, and those of the framework that `core/api/problems.py` says in other words.
SAME = {
    "",
    ":",
    ":?.!",
    "Authentication credentials were not provided.",
    'Method "{method}" not allowed.',
    "Malformed request.",
}


class Lacking:
    """Stands where the language does that helps out, and writes down what it is asked for."""

    def __init__(self, fallback: Any) -> None:
        self.fallback = fallback
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.fallback, name)
        if name not in {"gettext", "ngettext", "pgettext", "npgettext"}:
            return found

        def look(*texts: Any) -> Any:
            text = str(texts[1] if name == "pgettext" else texts[0]).rpartition("\x04")[2]
            if text not in SAME:
                self.asked.add(text)
            return found(*texts)

        return look


@contextmanager
def watched(language: str) -> Iterator[Lacking]:
    catalogue: Any = trans_real.translation(language)
    lacking = Lacking(catalogue._fallback)
    catalogue._fallback = lacking
    try:
        yield lacking
    finally:
        catalogue._fallback = lacking.fallback


def pages(world: World) -> Iterator[tuple[str, str]]:
    """Who opens which address."""
    draft, review, sent = make.make_draft(world), make.make_in_review(world), make.make_sent(world)
    yield "", "/accounts/sign-in/?next=/patients/"
    yield "", "/nowhere/"
    for who in ("clinician_kz", "officer_kz", "coordinator_kz", "host_desk_kg", "auditor_kz"):
        for address in (
            "/",
            "/messages/",
            "/facilities/",
            "/accounts/profile/",
            "/kept/",
            "/accounts/password/",
        ):
            yield who, address
        for referral in (review, sent):
            yield who, reverse("referrals:detail", args=[referral.pk])
            yield from (
                (who, reverse("referrals:step", args=[referral.pk, record.name])) for record in WITH_PAGE
            )
    yield "officer_kz", reverse("referrals:decide", args=[review.pk])
    yield "officer_kz", "/referrals/decisions/"
    yield "host_desk_kg", "/referrals/desk/"
    yield "auditor_kz", "/audit/"
    for address in ("/referrals/", "/patients/", "/patients/register/", "/patients/register/unknown/"):
        yield "clinician_kz", address
    for name in ("detail", "edit", "identifier_add", "consent", "coverage"):
        yield "clinician_kz", reverse(f"patients:{name}", args=[draft.patient_id])
    for page in ("care", "diagnosis", "time", "evidence", "where", "payer", "consent", "check"):
        yield "clinician_kz", reverse("referrals:file_page", args=[draft.pk, page])


ADMIN = (
    "",
    "accounts/user/",
    "accounts/user/add/",
    "facilities/facility/",
    "agreements/agreement/",
    "outbox/job/",
)


@pytest.mark.in_turn
@pytest.mark.parametrize("language", ["kk", "uz", "ky", "ru"])
def test_every_text_is_in_the_readers_language(world: World, language: str) -> None:
    clients: dict[str, Client] = {}
    with watched(language) as lacking:
        for who, address in pages(world):
            if who not in clients:
                clients[who] = Client()
                clients[who].cookies[settings.LANGUAGE_COOKIE_NAME] = language
                if who:
                    clients[who].force_login(world.users[who])
            answer = clients[who].get(address)
            assert answer.status_code in {200, 302, 403, 404, 409}, address
            if answer.status_code == 200 and who:
                clients[who].post(address, {"version": "1"})  # every field says that it is missing
        world.users["administrator"].refresh_from_db()
        chief = Client()
        chief.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        chief.force_login(world.users["administrator"])
        for address in ADMIN:
            assert chief.get(f"/admin/{address}").status_code == 200, address
        chief.post("/admin/accounts/user/add/", {})
        api = make_api(world.facility_of("KZ"))
        for path in ("referrals/", "patients/"):
            api.post(path, {}, Accept_Language=language)
            api.post(path, "no JSON", Accept_Language=language)
            api.post(path, {"priority": 5, "birth_date": "x", "patient": "y"}, Accept_Language=language)
        refused = [
            api.call("PUT", "referrals/", {}, Accept_Language=language),
            api.get("nowhere/", Accept_Language=language),
            Api(Client()).get("referrals/", Accept_Language=language),
        ]
        for problem in refused:
            assert not {"not", "is", "nothing"} & set(problem.data["detail"].lower().split()), problem.data
        for user in world.users.values():
            user.preferred_language = language
            user.save(update_fields=["preferred_language"])
        work.drain()
        assert mail.outbox is not None
    assert sorted(lacking.asked) == []
