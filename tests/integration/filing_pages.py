"""The pages of filing, and what a clinician answers on each."""

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.facilities import World

PAGES = ("care", "diagnosis", "time", "evidence", "where", "payer", "consent", "check")


def signed_in(world: World, name: str = "clinician_kz") -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def page(draft: Referral, step: str, query: str = "") -> str:
    return reverse("referrals:file_page", args=[draft.pk, step]) + query


def fresh(draft: Referral) -> Referral:
    return Referral.objects.get(pk=draft.pk)


def day(name: str, value: date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def new_draft(world: World) -> Referral:
    by = world.actor("clinician_kz")
    make.make_agreement()
    return actions.start_draft(patient_id=make.make_patient(world, by).pk, by=by)


def answers(world: World) -> dict[str, dict[str, Any]]:
    """What a clinician posts on each page."""
    today = timezone.localdate()
    return {
        "care": {
            "specialty": world.specialties["cardiac_surgery"].pk,
            "service": "Mitral valve repair",
            "care_mode": "inpatient",
        },
        "diagnosis": {
            "diagnosis": "I34.0",
            "diagnosis_query": "I34.0",
            "diagnosis_searched": "I34.0",
            "clinical_reason": "Severe mitral insufficiency.",
            "goal": "Repair before heart failure.",
        },
        "time": {
            "priority": "urgent",
            **day("needed_by", today + timedelta(days=30)),
            "needed_by_reason": "The specialist’s limit.",
            "triage_note": "",
        },
        "evidence": {
            **day("dated_on", today - timedelta(days=5)),
            "author": "Test cardiologist",
            "text": "Repair advised.",
        },
        "where": {"host_facility": world.bishkek.pk},
        "payer": {
            "payer": "fund",
            "payer_note": "",
            "estimate_amount": "412 000,50",
            "estimate_currency": "KGS",
        },
        "consent": {
            "answer": "new",
            "how": "written",
            "given_by": "",
            **day("valid_from", today),
            **day("valid_to", today + timedelta(days=180)),
        },
    }


def send(client: Client, draft: Referral, step: str, data: dict[str, Any], query: str = "") -> Any:
    return client.post(page(draft, step, query), {"version": fresh(draft).version, **data})
