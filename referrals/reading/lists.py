"""Lists of referrals to be shown: two queries for a page of rows, and one row in the ledger."""

from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from django.db.models import Count, DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from core.actors import Actor
from core.listed import Listed
from core.pages import Page
from core.prepared import OneOf, lent, prepared, values_of
from referrals import access
from referrals.models import Appointment, Question, Referral
from referrals.reading import parts
from referrals.states import ReferralState

Adding = Callable[[QuerySet[Referral]], QuerySet[Referral]]


def nothing_more(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """The rows with what every list shows, and no more."""
    return rows


def open_list(
    actor: Actor,
    what: str,
    referrals: Listed[Referral],
    number: str | None,
    *,
    adding: Adding = nothing_more,
) -> Page[Referral]:
    """The page of that number, which is shown. `what` is the ledger’s word for it, `adding` joins more to rows."""
    rows = prepared(_rows, lent(actor), adding)

    def read(keys: list[UUID]) -> Iterable[Referral]:
        return rows.rows(keys=keys, **values_of(actor))

    page = referrals.page(number, read)
    access.show_list(actor, what, page.items)
    return page


def _rows(actor: Actor, adding: Adding) -> QuerySet[Referral]:
    return adding(for_list(access.visible_referrals(actor).filter(OneOf("pk", "keys")))).order_by()


def open_of_patient(
    actor: Actor, patient_id: UUID, *, states: Collection[ReferralState] = tuple(ReferralState)
) -> Page[Referral]:
    """What the actor may see of a patient's referrals, the latest first, as one page that is shown; none discarded."""
    own = access.visible_referrals(actor).filter(patient_id=patient_id, state__in=states)
    kept = own.exclude(state=ReferralState.ENTERED_IN_ERROR, submitted_at__isnull=True)
    return open_list(actor, "referrals.of_patient", Listed((kept,), ("-updated_at", "-pk")), None)


def for_list(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """Join and count what a row of a page shows: use it on what `access` gave, before cutting a page out."""
    questions = (
        Question.objects.filter(request__referral_id=OuterRef("pk"), request__answered_at__isnull=True)
        .order_by()
        .values("request__referral_id")
        .annotate(count=Count("pk"))
        .values("count")
    )
    starts = Appointment.objects.filter(referral_id=OuterRef("pk"), active=True).order_by()
    return access.with_case(referrals).annotate(
        open_questions=Subquery(questions),
        starts_at=Subquery(
            starts.annotate(starts=Lower("period")).values("starts")[:1], output_field=DateTimeField()
        ),
        has_report=parts.has_report(),
    )
