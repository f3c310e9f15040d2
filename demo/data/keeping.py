"""A patient who was never referred asks for erasure, and a record on which a ministry has placed a hold. For a look at
both."""

from core.actors import Actor
from patients import actions as patients
from patients.synthetic import synthetic_person
from referrals.models import Referral
from retention import actions

_PERSON = 9_411


def play(clinician: Actor, officer: Actor) -> None:
    """As the clinician of a hospital and an officer of its ministry."""
    person = synthetic_person(_PERSON, clinician.country)
    asking = patients.register_patient(by=clinician, **person)
    actions.ask_erasure(by=clinician, patient_id=asking.pk, asked_by="patient")
    mine = Referral.objects.filter(directing_facility_id=clinician.organisation_id, state="closed")
    held = mine.earliest("number").number
    assert held is not None, "it was filed"
    actions.place_hold(
        by=officer,
        reference=held,
        ground="claim",
        reason="Жалоба на срок лечения рассматривается министерством.",
    )
