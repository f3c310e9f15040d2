"""Where a referral stands in each list: in columns that the database keeps itself, whoever writes and whenever.

A list is read in its order by an index, so that a page costs the same with a hundred referrals and with a million. What
a list asks of the authorisation therefore stands with the referral: `Referral.turn` and its neighbours.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from core.walls.triggers import AsOwner
from patients.models.words import words_at
from referrals.states import OVER_STATES, AuthorisationState, ReferralState

S, A = ReferralState, AuthorisationState


class Turn(models.TextChoices):
    """Whose turn it is, for the directing hospital."""

    MINE = "mine"
    OTHERS = "others"
    OVER = "over"
    REFUSED = "refused"  # mine until `appeal_until`, over from then on
    GONE = "gone"  # a draft that was thrown away


class Work(models.TextChoices):
    """Which part of a ministry's list it stands in; "" for none but the whole list."""

    TO_DECIDE = "to_decide"
    STOPPED = "stopped"
    DECLINED = "declined"
    APPEALS = "appeals"
    WITH_HOSTS = "with_hosts"


class Hosting(models.TextChoices):
    """Which part of the host desk's list it stands in; "" for one that no host was sent."""

    ANSWER = "answer"
    PREPARATION = "preparation"
    IN_CARE = "in_care"
    OVER = "over"


WAITING_FOR_DIRECTING = [S.DRAFT, S.INFO_REQUESTED, S.DISCHARGED]
_CHECKED_OR_BEFORE = [S.SUBMITTED, S.SCREENING, S.IN_REVIEW]
_WITH_HOST = [S.SENT, S.ACCEPTED, S.SCHEDULED, S.IN_CARE, S.DISCHARGED]


def _one_of(*values: str) -> str:
    """The values as SQL has them behind IN: they are this module's own words."""
    return "(" + ", ".join(f"'{value!s}'" for value in values) + ")"


_PLACES = f"""
SELECT state, due_at, appeal_due_at, reviewed_at INTO decision
FROM referrals_authorisation WHERE referral_id = NEW.id;
NEW.rank := CASE NEW.priority WHEN 'stat' THEN 0 WHEN 'asap' THEN 1 WHEN 'urgent' THEN 2 ELSE 3 END
    + CASE NEW.state WHEN '{S.DRAFT}' THEN 10 ELSE 0 END;
NEW.turn := CASE
    WHEN NEW.state IN {_one_of(*WAITING_FOR_DIRECTING)} THEN '{Turn.MINE}'
    WHEN NEW.state = '{S.REFUSED}' AND decision.state = '{A.APPEALED}' THEN '{Turn.OTHERS}'
    WHEN NEW.state = '{S.REFUSED}' AND decision.state = '{A.REFUSED}' THEN '{Turn.REFUSED}'
    WHEN NEW.state = '{S.ENTERED_IN_ERROR}' AND NEW.submitted_at IS NULL THEN '{Turn.GONE}'
    WHEN NEW.state IN {_one_of(*sorted(OVER_STATES))} THEN '{Turn.OVER}'
    ELSE '{Turn.OTHERS}' END;
NEW.appeal_until := CASE WHEN NEW.turn = '{Turn.REFUSED}'
    THEN coalesce(decision.appeal_due_at, 'epoch'::timestamptz) END;
NEW.hosting := CASE
    WHEN NEW.sent_at IS NULL THEN ''
    WHEN NEW.state = '{S.SENT}' THEN '{Hosting.ANSWER}'
    WHEN NEW.state IN {_one_of(S.ACCEPTED, S.SCHEDULED)} THEN '{Hosting.PREPARATION}'
    WHEN NEW.state = '{S.IN_CARE}' THEN '{Hosting.IN_CARE}'
    ELSE '{Hosting.OVER}' END;
NEW.work := CASE
    WHEN NEW.state IN {_one_of(*_CHECKED_OR_BEFORE)}
        AND decision.state IN {_one_of(A.PENDING, A.IN_REVIEW, A.OVERTURNED)} THEN '{Work.TO_DECIDE}'
    WHEN NEW.state = '{S.INFO_REQUESTED}' THEN '{Work.STOPPED}'
    WHEN NEW.state = '{S.DECLINED}' THEN '{Work.DECLINED}'
    WHEN NEW.state = '{S.REFUSED}' AND decision.state = '{A.APPEALED}' THEN '{Work.APPEALS}'
    WHEN NEW.state IN {_one_of(*_WITH_HOST)} THEN '{Work.WITH_HOSTS}'
    ELSE '' END;
NEW.unreviewed := coalesce(
    NEW.priority = 'stat' AND decision.state = '{A.NOT_REQUIRED}' AND decision.reviewed_at IS NULL
        AND NEW.state NOT IN {_one_of(S.ENTERED_IN_ERROR, S.WITHDRAWN)}, false);
NEW.clock_at := CASE
    WHEN NEW.work IN {_one_of(Work.TO_DECIDE, Work.APPEALS)} OR NEW.unreviewed THEN decision.due_at
    WHEN NEW.state = '{S.SENT}' THEN NEW.host_reply_due_at END;
RETURN NEW;
"""  # noqa: S608  the values are this code's own


def places_of_a_referral() -> pgtrigger.Trigger:
    """The columns follow from the row and its authorisation, at every change of the row."""
    return pgtrigger.Trigger(
        name="referral_places",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("decision", "RECORD")],
        func=_PLACES,
    )


def places_of_an_authorisation() -> pgtrigger.Trigger:
    """A change of the authorisation moves its referral in the lists."""
    return pgtrigger.Trigger(
        name="authorisation_places",
        when=pgtrigger.After,
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("referral_id", "state", "due_at", "appeal_due_at", "reviewed_at"),
        func="""
IF TG_OP = 'UPDATE' THEN
    IF (OLD.state, OLD.due_at, OLD.appeal_due_at, OLD.reviewed_at)
        IS NOT DISTINCT FROM (NEW.state, NEW.due_at, NEW.appeal_due_at, NEW.reviewed_at) THEN
        RETURN NULL;
    END IF;
END IF;
UPDATE referrals_referral SET rank = rank WHERE id = NEW.referral_id;
RETURN NULL;
""",
    )


def words_of_a_sent_referral() -> AsOwner:
    """The hospital to which a patient is sent looks them up by name."""
    return AsOwner(
        name="referral_words",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("patient_id", "host_facility_id", "sent_at"),
        func=f"""
IF NEW.sent_at IS NOT NULL AND NEW.host_facility_id IS NOT NULL AND (
    TG_OP = 'INSERT' OR OLD.sent_at IS NULL
    OR (OLD.patient_id, OLD.host_facility_id) IS DISTINCT FROM (NEW.patient_id, NEW.host_facility_id)
) THEN
    {words_at("NEW.host_facility_id", "NEW.patient_id")}
END IF;
""",
    )


def _order(name: str, *fields: str, condition: Q | None = None) -> models.Index:
    return models.Index(fields=list(fields), name=name, condition=condition)


#: An index for each list, in its order.
ORDERS = [
    _order("ref_mine", "directing_facility", "turn", "rank", "state_since", "id"),
    _order("ref_others", "directing_facility", "turn", "state_since", "id"),
    _order("ref_over", "directing_facility", "turn", "over_at", "id"),
    _order("ref_appeal", "directing_facility", "appeal_until", condition=Q(turn=Turn.REFUSED)),
    _order("ref_desk", "host_facility", "hosting", "state_since", "id"),
    _order("ref_answer", "host_facility", "hosting", "host_reply_due_at", "sent_at", "id"),
    _order("ref_work", "directing_country", "work", "clock_at", "state_since", "id"),
    _order("ref_work_in", "host_country", "work", "clock_at", "state_since", "id"),
    _order(
        "ref_unreviewed",
        "directing_country",
        "clock_at",
        "state_since",
        "id",
        condition=Q(unreviewed=True),
    ),
    # As its body, or its country's ministry, has it to decide.
    _order(
        "ref_of_body",
        "deciding_body",
        "work",
        "clock_at",
        "state_since",
        "id",
        condition=Q(deciding_body__isnull=False),
    ),
    _order(
        "ref_deciding",
        "deciding_country",
        "work",
        "clock_at",
        "state_since",
        "id",
        condition=Q(deciding_body__isnull=True),
    ),
    _order("ref_clock", "directing_country", "clock_at", "-submitted_at", "id"),
    _order("ref_clock_in", "host_country", "clock_at", "-submitted_at", "id"),
    *(
        _order(f"ref_{name}_{side}", f"{side}", field, "id")
        for side in ("directing_country", "host_country")
        for name, field in (("filed", "submitted_at"),)
    ),
    *(
        _order(f"ref_{name}_{short}", side, field, "id")
        for short, side in (
            ("out", "directing_facility"),
            ("in", "host_facility"),
            ("leaving", "directing_country"),
            ("entering", "host_country"),
        )
        for name, field in (("upd", "updated_at"), ("made", "created_at"))
    ),
]
