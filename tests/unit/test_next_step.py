"""The next step in words, for every state and every reader, without a database."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.actors import Actor
from core.permissions import Role
from facilities.models import Country, Facility, Organisation
from referrals import guards
from referrals.models import Authorisation, Referral
from referrals.presentation.next_step import next_step
from referrals.states import OVER_STATES, AuthorisationState, ReferralState

S, A = ReferralState, AuthorisationState
READERS = {
    "clinician": Actor("person", "1", "C", frozenset({Role.CLINICIAN}), 1, "", "KZ", user_id=1),
    "officer": Actor("person", "2", "O", frozenset({Role.OFFICER}), 2, "", "KZ", user_id=2),
    "coordinator": Actor("person", "3", "K", frozenset({Role.COORDINATOR}), 2, "", "KZ", user_id=3),
    "desk": Actor("person", "4", "D", frozenset({Role.HOST_DESK}), 3, "", "KG", user_id=4),
    "host_officer": Actor("person", "5", "H", frozenset({Role.OFFICER}), 4, "", "KG", user_id=5),
}
#: Who must act in which state, with a planned referral whose authorisation fits the state.
MUST_ACT = {
    S.DRAFT: {"clinician"},
    S.SUBMITTED: set(),
    S.SCREENING: set(),
    S.IN_REVIEW: {"officer"},
    S.INFO_REQUESTED: {"clinician"},
    S.SENT: {"desk"},
    S.REFUSED: {"clinician"},
    S.ACCEPTED: {"desk"},
    S.DECLINED: {"officer", "coordinator"},
    S.SCHEDULED: {"desk"},
    S.IN_CARE: {"desk"},
    S.DISCHARGED: {"clinician"},
}
AUTHORISATION = {
    S.SUBMITTED: A.PENDING,
    S.SCREENING: A.PENDING,
    S.IN_REVIEW: A.IN_REVIEW,
    S.INFO_REQUESTED: A.CLOCK_STOPPED,
    S.REFUSED: A.REFUSED,
}


def referral_in(
    state: ReferralState, authorisation: AuthorisationState | None = None, **values: object
) -> Referral:
    now = timezone.now()
    referral = Referral(
        state=state,
        number="KZ-26-000001",
        directing_facility_id=1,
        directing_country_id="KZ",
        host_facility_id=3,
        host_country_id="KG",
        submitted_at=now,
        sent_at=now,
        state_since=now,
        over_at=now if state in OVER_STATES else None,
        **values,
    )
    place = Organisation(pk=3, country_id="KG", name="Hospital")
    referral.host_facility = Facility(organisation=place)
    referral.host_country = Country(code="KG", time_zone="Asia/Bishkek")
    referral.directing_country = Country(code="KZ", time_zone="Asia/Almaty")
    referral.authorisation = Authorisation(
        referral=referral,
        state=authorisation or AUTHORISATION.get(state, A.GRANTED),
        due_at=now + timedelta(hours=5),
        stopped_at=now,
        appeal_due_at=now + timedelta(days=5),
        decided_by_id=2,
    )
    referral.has_report = True  # type: ignore[attr-defined]
    return referral


@pytest.mark.parametrize("state", list(S))
def test_every_reader_gets_words_and_only_who_can_act_must(state: ReferralState) -> None:
    referral = referral_in(state)
    must = set()
    for name, actor in READERS.items():
        step = next_step(referral, actor)
        assert step.text
        assert not step.text.endswith(".")
        assert step.url.startswith(f"/referrals/{referral.pk}/")
        assert not step.hint or step.hint.endswith(".")
        if step.needs_me:
            must.add(name)
            assert guards.open_events(actor, referral), "nobody is asked for what they can't do"
    assert must == MUST_ACT.get(state, set())


def must_act(referral: Referral) -> set[str]:
    return {name for name, actor in READERS.items() if next_step(referral, actor).needs_me}


def test_nobody_decides_what_they_filed_or_decided() -> None:
    assert must_act(referral_in(S.IN_REVIEW, filed_by_id=2)) == set()
    assert must_act(referral_in(S.IN_REVIEW, filed_by_id=1)) == {"officer"}
    assert must_act(referral_in(S.REFUSED, A.APPEALED)) == set(), "this officer refused it"
    appealed = referral_in(S.REFUSED, A.APPEALED)
    appealed.authorisation.decided_by_id = 9
    assert must_act(appealed) == {"officer"}


def test_an_expired_authorisation_needs_the_ministry() -> None:
    for state in (S.SENT, S.ACCEPTED, S.DECLINED, S.SCHEDULED):
        assert must_act(referral_in(state, A.EXPIRED)) == {"officer", "coordinator"}


def test_an_emergency_is_reviewed_beside_its_care() -> None:
    referral = referral_in(S.SENT, A.NOT_REQUIRED, priority="stat")
    assert must_act(referral) == {"officer", "desk"}
    referral.authorisation.reviewed_at = timezone.now()
    assert must_act(referral) == {"desk"}


def test_a_patient_is_expected_until_the_day_comes() -> None:
    referral = referral_in(S.SCHEDULED)
    desk = READERS["desk"]
    assert next_step(referral, desk, starts_at=timezone.now()).needs_me
    assert not next_step(referral, desk, starts_at=timezone.now() + timedelta(days=3)).needs_me


def test_the_number_of_questions_is_told() -> None:
    referral = referral_in(S.INFO_REQUESTED)
    clinician = READERS["clinician"]
    assert next_step(referral, clinician, open_questions=1).text == "Answer 1 question"
    assert next_step(referral, clinician, open_questions=3).text == "Answer 3 questions"
    assert next_step(referral, clinician).text == "Answer the ministry’s questions"
