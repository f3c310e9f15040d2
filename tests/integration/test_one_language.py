"""No page mixes two languages: what a page, a problem of the API or a letter asks for is in the catalogue."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

from core.outbox import work
from referrals.presentation.actions import links
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World

LANGUAGES = ("kk", "uz", "ky", "ru")
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
            yield from ((who, row["url"]) for row in links(world.actor(who), referral))
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
def test_every_text_is_in_the_readers_language(world: World) -> None:
    """Each page in one of the languages in turn; the administration and the API, with others' texts, in all."""
    with ExitStack() as stack:
        lacking = {language: stack.enter_context(watched(language)) for language in LANGUAGES}
        clients: dict[tuple[str, str], Client] = {}
        for (who, address), language in zip(pages(world), cycle(LANGUAGES), strict=False):
            if (who, language) not in clients:
                clients[who, language] = reader(world, who, language)
            client = clients[who, language]
            answer = client.get(address)
            assert answer.status_code in {200, 302, 403, 404, 409}, address
            if answer.status_code == 200 and who:
                client.post(address, {"version": "1"})  # every field says that it is missing
        api = make_api(world.facility_of("KZ"))
        for language in LANGUAGES:
            ask_the_administration(reader(world, "administrator", language))
            ask_the_api(api, language)
            for user in world.users.values():
                user.preferred_language = language
                user.save(update_fields=["preferred_language"])
            make.make_submitted(world)
            work.drain()
        assert {language: sorted(one.asked) for language, one in lacking.items()} == {
            language: [] for language in LANGUAGES
        }


def reader(world: World, who: str, language: str) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if who:
        client.force_login(world.users[who])
    return client


def ask_the_administration(chief: Client) -> None:
    for address in ADMIN:
        assert chief.get(f"/admin/{address}").status_code == 200, address
    chief.post("/admin/accounts/user/add/", {})


def ask_the_api(api: Api, language: str) -> None:
    for path in ("referrals/", "patients/"):
        api.post(path, {}, Accept_Language=language)
        api.post(path, "no JSON", Accept_Language=language)
        api.post(path, {"priority": 5, "birth_date": "x", "patient": "y"}, Accept_Language=language)
    for problem in (
        api.call("PUT", "referrals/", {}, Accept_Language=language),
        api.get("nowhere/", Accept_Language=language),
        Api(Client()).get("referrals/", Accept_Language=language),
    ):
        assert not {"not", "is", "nothing"} & set(problem.data["detail"].lower().split()), problem.data
