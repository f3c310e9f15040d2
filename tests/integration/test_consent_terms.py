"""A consent's hospital, kinds of data and period, and the law on data that leave, at every way to a referral."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.outbox import work
from core.outbox.models import Message
from disclosure.models import TransferPolicy
from facilities.access import today_in
from patients.models import Consent, Registration
from referrals import access, actions
from referrals.models import Referral
from referrals.tasks import tell_of_ended_consents
from tests import clock
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World, make_facility
from tests.integration.filing_pages import signed_in
from tests.integration.patient_forms import consent_form, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
REPORT = "Severe mitral insufficiency; repair advised."
PHONE = "+77010000003"


def case_of(world: World, referral: Referral, name: str) -> str:
    return text_of(signed_in(world, name).get(reverse("referrals:detail", args=[referral.pk])))


def searched(world: World, text: str) -> list[Any]:
    answer = signed_in(world, "host_desk_kg").post(reverse("referrals:desk"), {"q": text}, follow=True)
    return list(answer.context["page"].items)


def test_a_consent_for_one_hospital_and_some_data_is_kept_to_everywhere(world: World) -> None:
    clinician, api = world.actor("clinician_kz"), make_api(world.korday)
    patient = make.make_patient(world, clinician)
    path = f"patients/{patient.pk}/consents/"
    today = timezone.localdate()
    terms = {
        "purpose": "treatment",
        "recipient_country": "KG",
        "valid_from": str(today),
        "valid_to": str(today + timedelta(days=90)),
        "how": "written",
    }
    for wrong, field in (
        ({"kinds": ["documents"]}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["everything"]}, "kinds.0"),
        ({"recipient": "F9999"}, "recipient"),
        ({"recipient": "F0060"}, "recipient"),
    ):
        refused = api.post(path, terms | wrong)
        assert (refused.status_code, [row["field"] for row in refused.data["errors"]]) == (422, [field]), (
            wrong
        )
    page, browser = reverse("patients:consent", args=[patient.pk]), signed_in(world)
    assert browser.post(page, consent_form(kinds=[])).status_code == 422
    assert browser.post(page, consent_form(recipient="F0060")).status_code == 422
    assert not Consent.objects.exists()
    assert browser.post(page, consent_form(kinds=["care"], recipient="F0100")).status_code == 302
    (row,) = api.get(path).data["results"]
    assert (row["recipient"]["code"], row["kinds"]) == ("F0100", ["care"])
    shown = text_of(browser.get(reverse("patients:detail", args=[patient.pk])))
    assert "National Hospital" in shown
    assert "Who the patient is, the diagnosis and the care needed" in shown

    referral = make.make_sent(world, patient=patient, consent=Consent.objects.get(), payer="fund")
    host = make_api(world.bishkek)
    read = host.get(f"referrals/{referral.pk}/").data
    assert (read["clinical_content"], read["kinds"], read["payer"], read["estimate"]) == (
        True,
        ["care"],
        "",
        None,
    )
    clinical = read["clinical"]
    assert clinical["patient"]["family_name"] == patient.family_name
    assert [clinical[name] for name in ("evidence", "coverages", "information_requests")] == [[], [], []]
    assert not {"COV-01", "MED-01"} & {one["rule"] for one in clinical["check"]["results"]}
    text = case_of(world, referral, "host_desk_kg")
    assert patient.family_name in text
    assert "The patient’s consent and the law leave this out:" in text
    for hidden in (REPORT, PHONE, "The competent fund at home"):
        assert hidden not in text, hidden
        assert hidden in case_of(world, referral, "officer_kz"), hidden

    # Another hospital there isn't the one that the patient named.
    osh = make_facility(
        "KG",
        "Osh hospital",
        unit=world.units["osh"],
        code="F0101",
        specialties=tuple(world.specialties.values()),
    )
    change = {"host_facility": "F0101", "reason_text": "Nearer."}
    refused = api.step(referral, "change-host", change)
    assert (refused.status_code, refused.data["errors"][0]["field"]) == (422, "host_facility")
    step = reverse("referrals:step", args=[referral.pk, "change_host"])
    posted = {"version": referral.version, "host_facility": osh.pk, "reason_text": "Nearer."}
    assert "consented to another hospital alone" in text_of(browser.post(step, posted))
    assert api.post(path, terms).status_code == 201
    assert api.step(referral, "change-host", change).status_code == 200
    referral.refresh_from_db()
    assert referral.consent is not None
    assert referral.consent.recipient_id is None


def test_a_filing_asks_which_hospital_and_takes_any(world: World) -> None:
    draft = make.make_draft(world, consent=None)
    Referral.objects.filter(pk=draft.pk).update(consent=None)
    Consent.objects.all().update(withdrawn_at=timezone.now(), withdrawn_by_label="x")
    page = reverse("referrals:file_page", args=[draft.pk, "consent"])
    today = timezone.localdate()
    until = today + timedelta(days=30)
    typed = {"answer": "new", "how": "written", "version": draft.version}
    for name, day in (("valid_from", today), ("valid_to", until)):
        typed |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    browser = signed_in(world)
    assert "National Hospital alone" in text_of(browser.get(page))
    assert browser.post(page, typed | {"recipient": "F0060"}).status_code == 422
    assert browser.post(page, typed | {"recipient": "F0100"}).status_code == 302
    draft.refresh_from_db()
    assert draft.consent is not None
    assert (draft.consent.recipient_id, len(draft.consent.kinds)) == (world.bishkek.pk, 4)


def test_an_expired_consent_is_as_a_withdrawn_one(world: World) -> None:
    with clock.set_to(clock.WEDNESDAY) as now:
        clinician = world.actor("clinician_kz")
        patient = make.make_patient(world, clinician)
        last = now.now.date() + timedelta(days=1)
        given = make.make_consent(patient, clinician, valid_to=last)
        referral = make.make_in_care(world, patient=patient, consent=given)
        desk = world.actor("host_desk_kg")
        assert patient.family_name in case_of(world, referral, "host_desk_kg")
        assert tell_of_ended_consents() == 0
        now.go_on(timedelta(days=2))
        text = case_of(world, referral, "host_desk_kg")
        assert "consent isn’t valid today" in text
        assert patient.family_name not in text
        assert searched(world, patient.family_name) == []
        assert make_api(world.bishkek).get(f"referrals/{referral.pk}/").data["clinical"] is None
        assert not Referral.objects.filter(access.seen_clinically(desk), pk=referral.pk).exists()
        # Everybody who works on it is told, once.
        assert [tell_of_ended_consents(), tell_of_ended_consents()] == [1, 0]
        work.drain()
        told = Message.objects.filter(kind="referral.staff:referral.consent_over", channel="inbox")
        assert {"host_desk_kg", "clinician_kz"} <= set(told.values_list("user__username", flat=True))
        # What was shown before stands on the patient's page, and the consent there can be given anew.
        page = text_of(signed_in(world).get(reverse("patients:detail", args=[patient.pk])))
        assert "What was shown before the consent ended" in page
        make.make_consent(patient, clinician)
        work.drain()
        assert patient.family_name in case_of(world, referral, "host_desk_kg")


def test_the_law_says_what_may_leave_and_from_which_day(world: World) -> None:
    rules = make.ALL_RULES | {"DAT-01": {"blocking": True}}
    make.make_agreement(rules=rules)
    referral = make.make_sent(world)
    name, host = referral.patient.family_name, make_api(world.bishkek)
    law = TransferPolicy.objects.filter(from_country="KZ", to_country="KG", purpose="treatment")
    today = today_in("KZ")

    def seen() -> tuple[bool, list[str], bool, bool]:
        read = host.get(f"referrals/{referral.pk}/").data
        (row,) = [one for one in host.get("referrals/").data["results"] if one["id"] == str(referral.pk)]
        return (
            read["clinical_content"],
            read["kinds"],
            row["patient"] is not None,
            bool(searched(world, name)),
        )

    def finding() -> str:
        actions.check_again(referral.pk, by=make.SYSTEM)
        results = referral.checks.order_by("-id")[0].results
        return str(results.get(rule="DAT-01").message)

    everything = ["care", "documents", "contact", "payment"]
    assert (seen(), finding()) == ((True, everything, True, True), "dat_allowed")
    law.update(verified=False)
    assert finding() == "dat_not_verified"
    law.update(kinds=["care", "contact"])
    assert (seen(), finding()) == ((True, ["care", "contact"], True, True), "dat_partly")
    law.update(kinds=["documents"])
    assert (seen(), finding()) == ((False, [], False, False), "dat_forbidden")
    assert "No rule on data that may leave" in case_of(world, referral, "host_desk_kg")
    assert name in case_of(world, referral, "officer_kz")
    law.update(kinds=everything, in_force_until=today - timedelta(days=1))
    assert (seen(), finding()) == ((False, [], False, False), "dat_no_row")
    # A newer row goes before an older one from its first day on.
    law.update(in_force_until=None)
    old = law.get()
    newer = TransferPolicy.objects.create(
        code="newer", from_country_id="KZ", to_country_id="KG", purpose="treatment", kinds=[],
        in_force_from=today + timedelta(days=1), basis_in={"en": "New law"}, source="test",
    )  # fmt: skip
    assert seen()[0]
    TransferPolicy.objects.filter(pk=newer.pk).update(in_force_from=today)
    assert not seen()[0]
    assert old.in_force_on(today)


def test_a_consent_to_another_hospital_s_record_is_taken_back(world: World) -> None:
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician, identifiers=[("passport", "KZ", "N99000001")])
    other, home = make_api(world.taraz), make_api(world.korday)
    asked = {
        "identifier": {"system": "passport", "country": "KZ", "value": "N99000001"},
        "birth_date": str(patient.birth_date),
        "ground": {"kind": "consent", "covers": ["contact", "coverage"], "how": "written"},
    }
    assert other.post("patients/link/", asked).status_code == 201
    path = f"patients/{patient.pk}/"
    before = other.get(path).data
    assert (before["phone"], len(before["coverages"])) == (PHONE, 1)
    (link,) = home.get(f"{path}links/").data["results"]
    assert (link["facility"]["code"], link["withdrawn_at"]) == ("F0010", None)
    end = f"{path}links/{link['id']}/withdraw/"
    assert make_api(world.bishkek).post(end, {"how": "written"}).status_code == 404
    assert other.post(end, {"how": "telepathy"}).status_code == 422
    page = reverse("patients:link_end", args=[patient.pk, link["id"]])
    browser = signed_in(world)
    assert browser.post(page, {}).status_code == 422
    assert browser.post(page, {"how": "verbal_witnessed"}).status_code == 302
    after = other.get(path).data
    assert (after["family_name"], after["phone"], after["coverages"]) == (patient.family_name, "", [])
    assert other.post(end, {"how": "written"}).status_code == 409
    work.drain()
    told = Message.objects.filter(kind="patients.patient.link_ended")
    assert told.exists()
    assert "Withdrawn" in text_of(browser.get(reverse("patients:detail", args=[patient.pk])))
    # Given anew, it has its new terms and no more.
    asked["ground"]["covers"] = ["contact"]  # type: ignore[index]
    assert other.post("patients/link/", asked).status_code == 201
    anew = other.get(path).data
    assert (anew["phone"], anew["coverages"]) == (PHONE, [])
    assert Registration.objects.get(pk=link["id"]).withdrawn_at is None
