"""The search's siblings: other lists, other readers, other ways to say the same; and every list goes on or ends."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from core import listed
from core.audit.models import AuditRow
from facilities.lookups.districts import search_districts
from patients.actions import withdraw_consent
from patients.models import Consent, RecordNumber
from referrals import actions
from referrals.models import RecordNumber as OfReferral
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World, make_facility
from tests.integration.patient_forms import find
from tests.integration.test_search import OF_THE_PERSON, PERSON, asks, sent, signed_in

pytestmark = pytest.mark.django_db


def shown(answer: Any) -> tuple[list[str], dict[str, str]]:
    """The numbers of a list's rows, and what stands on its tabs."""
    rows = [row["row"] if isinstance(row, dict) else row for row in answer.context["rows"]]
    return [row.number for row in rows], {tab["url"]: str(tab["count"]) for tab in answer.context["tabs"]}


def instead(referral: Referral, **terms: Any) -> None:
    """The referral rests on a consent with other terms."""
    given = Consent.objects.get(pk=referral.consent_id)
    given.pk = None
    for name, value in terms.items():
        setattr(given, name, value)
    given.save(force_insert=True)
    Referral.objects.filter(pk=referral.pk).update(consent=given)


def ended(referral: Referral) -> None:
    today = timezone.localdate()
    instead(referral, valid_from=today - timedelta(days=9), valid_to=today - timedelta(days=2))


def given_to_another(referral: Referral) -> None:
    instead(referral, recipient_country_id="UZ", recipient=None)


def without_care(referral: Referral) -> None:
    instead(referral, kinds=["documents"])


def over_before_care(referral: Referral) -> None:
    Referral.objects.filter(pk=referral.pk).update(state="withdrawn", over_at=timezone.now())


@pytest.mark.parametrize("hide", [ended, given_to_another, without_care, over_before_care])
def test_what_a_host_may_not_read_no_search_and_no_count_tells(
    world: World, hide: Callable[[Referral], None]
) -> None:
    referral = sent(world)
    desk = signed_in(world, "host_desk_kg")
    address = reverse("referrals:desk")
    place = desk.post(address, {"q": "Скрытнев Матвей"})["Location"]
    assert shown(desk.get(place))[0] == [referral.number]
    hide(referral)
    for text in ("Скрытнев", "8 701 123-45-67", "ав 7654321", "I34", "05.03.1955"):
        for part in ("answer", "over"):
            found = desk.post(f"{address}?part={part}", {"q": text}, follow=True)
            numbers, counts = shown(found)
            assert (numbers, set(counts.values())) == ([], {"0"}), (text, part)
    assert asks(signed_in(world, "clinician_kz"), reverse("referrals:worklist") + "?tab=others")("1955") in (
        [referral.number],
        [],  # what is over stands on another tab
    )
    found = make_api(world.bishkek).get(f"referrals/?patient={referral.patient_id}").data["results"]
    assert found == [], "whom a referral is about its host may not ask"


def test_a_tab_counts_to_a_hundred_and_only_what_is_seen(world: World) -> None:
    referral = sent(world)
    clinician, desk = signed_in(world, "clinician_kz"), signed_in(world, "host_desk_kg")
    other = make.make_sent(world)
    withdraw_consent(
        by=world.actor("clinician_kz"), patient_id=referral.patient_id, consent_id=referral.consent_id
    )
    with patch.object(listed, "MOST_COUNTED", 2):
        for client, page in ((clinician, "worklist"), (desk, "desk")):
            assert "1+" in shown(client.get(reverse(f"referrals:{page}")))[1].values()
        counts = shown(desk.post(reverse("referrals:desk"), {"q": "I34"}, follow=True))
        assert counts[0] == [other.number]
        assert sorted(counts[1].values()) == ["0", "0", "0", "0", "1"]


def test_one_s_own_numbers_and_what_a_former_host_keeps(world: World) -> None:
    osh = make_facility(
        "KG", "Osh hospital", unit=world.units["osh"], code="F0101",
        specialties=tuple(world.specialties.values()),
    )  # fmt: skip
    referral, moved = sent(world), make.make_sent(world)
    RecordNumber.objects.create(patient=referral.patient, facility=world.korday, value="AMB 12/7")
    OfReferral.objects.create(referral=referral, facility=world.korday, value="out 55")
    OfReferral.objects.create(referral=moved, facility=world.bishkek, value="in 77")
    worklist = asks(signed_in(world, "clinician_kz"), reverse("referrals:worklist") + "?tab=others")
    desk = asks(signed_in(world, "host_desk_kg"), reverse("referrals:desk") + "?part=answer")
    assert worklist("AMB  12/7") == worklist("out 55") == [referral.number]
    assert desk("in  77") == [moved.number]
    assert worklist("in 77") == desk("AMB 12/7") == desk("out 55") == []
    actions.change_host(moved.pk, by=world.actor("clinician_kz"), host_facility=osh, reason_text="Nearer.")
    former = asks(signed_in(world, "host_desk_kg"), reverse("referrals:desk") + "?part=elsewhere")
    spaced = moved.number.replace("-", " ").replace("K", "К")
    assert former(spaced) == former("Кордай") == former("korday") == [moved.number]
    assert former(moved.patient.family_name) == former("in 77") == former("Тараз") == []


def test_a_number_is_one_however_it_is_typed(world: World) -> None:
    referral = sent(world)
    number = str(referral.number)
    ways = (number.replace("-", " "), number.replace("-", "–"), number.lower(), number.replace("K", "К"))
    api, stranger = make_api(world.korday), make_api(world.taraz)
    for way in ways:
        assert [row["number"] for row in api.get(f"referrals/?number={way}").data["results"]] == [number], way
        assert stranger.get(f"referrals/?number={way}").data["results"] == []
        page = signed_in(world, "auditor_kz").get(reverse("web:audit"), {"q": way})
        rows = AuditRow.objects.filter(pk__in=[row.pk for row in page.context["page"].items])
        assert {row.subject_id for row in rows} == {str(referral.pk)}, way
        ledger = signed_in(world, "auditor_kz").get(reverse("web:audit"), {"q": way, "part": "disclosures"})
        assert {row.subject_id for row in ledger.context["page"].items} <= {str(referral.pk)}
        assert not signed_in(world, "auditor_uz").get(reverse("web:audit"), {"q": way}).context["page"].items
    # A document in look-alike letters: by the API and where another record is looked for, to be merged.
    for way in ("АВ7654321", "ав 765-43-21", "AB 7654321"):
        assert len(api.post("patients/search/", {"identifier": way}).data["results"]) == 1, way
        assert stranger.post("patients/search/", {"identifier": way}).data["results"] == []
    assert api.post("patients/search/", {"identifier": "Скрытнев"}).data["results"] == []


def test_names_as_they_are_spelled_in_two_scripts_and_more_traditions(world: World) -> None:
    clinician = signed_in(world, "clinician_kz")
    for (family, given), texts in {
        ("Цой", "Виктор"): ("Choi Viktor", "Victor Tsoi", "Чой"),
        ("Тўлағонов", "Ўктам"): ("Тулаганов Уктам", "Toʻlagʻonov", "to'laganov oktam"),
        ("Ҷӯраев", "Шариф"): ("Джураев", "Joʻrayev Sharif", "Жураев шариф"),
        ("Әбілқасымова", "Әсел"): ("Абилкасымова Асель", "Abilkasymova", "асел"),
        ("Салтыков-Щедрин", "Пётр"): ("щедрин петр", "Салтыков Щедрин", "Петр Салтыков-Щедрин"),
    }.items():
        known = make.make_patient(
            world, world.actor("clinician_kz"), covered=False, family_name=family, given_name=given
        )
        url = reverse("patients:detail", args=[known.pk])
        for text in (*texts, f"{texts[0]} {known.birth_date:%d.%m.%Y}", f"{known.birth_date:%Y} {texts[0]}"):
            assert url in find(clinician, text), (family, text)
        assert url not in find(clinician, f"{texts[0]} 1901"), family


def test_places_by_what_people_call_them(world: World) -> None:
    """The hospital's town by its name of before, an adjective, a short word for its kind, in another language."""
    referral = sent(world)
    for name, page in (("clinician_kz", "worklist"), ("officer_kz", "decisions"), ("host_desk_kg", "desk")):
        client = signed_in(world, name)
        tab = {"worklist": "?tab=others", "decisions": "?part=all", "desk": "?part=answer"}[page]
        found = asks(client, reverse(f"referrals:{page}") + tab)
        texts = ("Бишкек", "Бишкекская", "bishkek", "Бішкек", "Кордайский")
        for language, text in zip(("kk", "uz", "ky", "en", "ru"), texts, strict=True):
            client.cookies["django_language"] = language
            assert found(text) == [referral.number], (name, language, text)
        assert found("Ташкентская") == []
    assert [unit.code for unit in search_districts("Кордайский р-н")] == [world.units["korday"].code]
    assert search_districts("Шымбулакский р-н") == []


def walked(api: Api, ask: Callable[[str], Any]) -> list[str]:
    """The ids of every row from the first page to the end."""
    found: list[str] = []
    cursor = ""
    for _page in range(60):
        answer = ask(cursor)
        assert answer.status_code == 200, answer.data
        found += [
            row.get("id") or row.get("code") or row["facility"]["code"] for row in answer.data["results"]
        ]
        cursor = answer.data["next_cursor"] or ""
        if not cursor:
            return found
    raise AssertionError("a list without an end")


def test_every_list_of_the_api_goes_on_or_says_that_it_ends(world: World) -> None:
    clinician = world.actor("clinician_kz")
    born = date(1960, 1, 1)
    patients = {
        str(
            make.make_patient(
                world, clinician, covered=False, family_name=f"Много{chr(1072 + place)}нов", birth_date=born
            ).pk
        )
        for place in range(5)
    }
    for _one in range(3):
        make.make_sent(world)
    api = make_api(world.korday)
    lists: dict[str, Callable[[str], Any]] = {
        path: lambda cursor, path=path: api.get(
            path + ("&" if "?" in path else "?") + "limit=2" + (f"&cursor={cursor}" if cursor else "")
        )
        for path in (
            *("patients/", "patients/?birth_date=1960-01-01", "referrals/", "referrals/?sort=created_at"),
            *("referrals/?state=sent", "facilities/", "facilities/?country=KZ"),
            f"facilities/?district=KZ-{world.units['korday'].code}",
            f"hosts/?specialty={next(iter(world.specialties.values())).code}",
        )
    }
    lists["search"] = lambda cursor: api.post(
        "patients/search/",
        {"birth_date": "1960-01-01", "limit": 2} | ({"cursor": cursor} if cursor else {}),
    )
    for name, ask in lists.items():
        found = walked(api, ask)
        assert len(found) == len(set(found)), name
        if "1960" in name or name == "search":
            assert set(found) == patients, name
    assert len(walked(api, lists["patients/"])) == 8
    assert len(walked(api, lists["referrals/?state=sent"])) == 3


def test_a_deep_page_and_one_that_is_none(world: World) -> None:
    made = [make.make_draft(world) for _one in range(3)]
    client = signed_in(world, "clinician_kz")
    address = reverse("referrals:worklist") + "?tab=mine"
    with patch("core.listed.PAGE_SIZE", 2):
        pages = [
            client.get(f"{address}&page={number}").context["page"]
            for number in ("1", "2", "3", "x", "0", "-1")
        ]
    assert [len(page.items) for page in pages] == [2, 1, 0, 2, 2, 2]
    assert [page.has_next for page in pages] == [True, False, False, True, True, True]
    assert {row.pk for page in pages[:2] for row in page.items} == {row.pk for row in made}


def test_a_consent_given_anew_is_found_again(world: World) -> None:
    referral = sent(world)
    desk = asks(signed_in(world, "host_desk_kg"), reverse("referrals:desk") + "?part=answer")
    clinician = world.actor("clinician_kz")
    withdraw_consent(by=clinician, patient_id=referral.patient_id, consent_id=referral.consent_id)
    assert desk("Скрытнев") == []
    anew = make.make_consent(referral.patient, clinician)
    Referral.objects.filter(pk=referral.pk).update(consent=anew)
    assert desk("Скрытнев") == [referral.number]


def test_a_patient_of_nobody_s_relation_is_found_by_nobody(world: World) -> None:
    referral = sent(world)
    for name in ("clinician_uz", "outsider"):
        client = signed_in(world, name)
        for text in OF_THE_PERSON[::4]:
            assert reverse("patients:detail", args=[referral.patient_id]) not in find(client, text), (
                name,
                text,
            )
            assert asks(client, reverse("referrals:worklist"))(text) == []
    assert PERSON["family_name"] not in str(
        make_api(world.andijan)
        .post("patients/search/", {"name": "Скрытнев Матвей", "birth_date": "1955-03-05"})
        .data
    )
