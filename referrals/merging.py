"""A referral goes with its patient's record when two records of one person are merged, and back when it is undone."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.actors import Actor
from core.audit.log import record
from core.errors import Text
from core.feed.announce import announce
from core.outbox.models import Message
from core.outbox.publish import publish
from core.road import Hindrance
from patients.models import Merge, Patient
from patients.relations import Relation, relation
from referrals.access import visible_referrals
from referrals.events.noticed import PATIENT_MERGED
from referrals.models import Referral
from referrals.states import ACTIVE_STATES

SAME_CARE = Hindrance(
    "two_active_referrals",
    _(
        "Each record has an active referral for the same care. One of the two has to be withdrawn or cancelled first."
    ),
)
CONSENT_ACROSS = Hindrance(
    "consent_across",
    _("A referral rests on a consent that was recorded with the other record, so the two can’t be parted."),
)


@relation
class Referrals(Relation):
    """Every referral, whoever filed it. A step locks the referral first and the patient then: so does a merge."""

    model = Referral
    locked_first = True

    def words(self, number: int) -> Text:
        return ngettext_lazy("%(number)s referral", "%(number)s referrals", number) % {"number": number}

    def seen(self, actor: Actor, merged: Patient, survivor: Patient) -> int:
        return visible_referrals(actor).filter(patient=merged).count()

    def obstacles(self, survivor: Patient, merged: Patient) -> Iterable[Hindrance]:
        if self._cares(survivor) & self._cares(merged):
            yield SAME_CARE

    def _cares(self, patient: Patient) -> set[tuple[Any, ...]]:
        active = self.of(patient).filter(state__in=ACTIVE_STATES).order_by()
        return {*active.values_list("specialty_id", "diagnosis_id")}

    def countries(self, *patients: Patient) -> set[str]:
        filed = self.of(*patients).filter(submitted_at__isnull=False).order_by()
        pairs = filed.values_list("directing_country_id", "host_country_id")
        return {code for pair in pairs for code in pair if code}

    def move(self, keys: Sequence[Any], old: Patient, new: Patient, *, by: Actor) -> None:
        """With its messages to the patient. Whoever has the referral open reads it again: its version is a new one."""
        rows = Referral.objects.filter(pk__in=keys)
        rows.update(patient=new, version=F("version") + 1, updated_at=timezone.now())
        ids = [str(key) for key in keys]
        told = Message.objects.filter(recipient=f"patient:{old.pk}")
        told.filter(event__subject_type=Referral._meta.label_lower, event__subject_id__in=ids).update(
            recipient=f"patient:{new.pk}"
        )
        for referral in rows.filter(state__in=ACTIVE_STATES).order_by("pk"):
            record(PATIENT_MERGED, by=by, subject=referral, country=referral.directing_country_id)
            publish(PATIENT_MERGED, subject=referral, by=by)
        for referral in rows.exclude(state__in=ACTIVE_STATES).order_by("pk"):  # of interest to systems alone
            announce(PATIENT_MERGED, subject=referral, by=by)

    def undo_obstacles(self, merge: Merge, keys: Sequence[Any]) -> Iterable[Hindrance]:
        consents = merge.moved.get("patients.consent", [])
        across = Q(pk__in=keys, consent__isnull=False) & ~Q(consent__in=consents)
        across |= ~Q(pk__in=keys) & Q(consent__in=consents)
        if self.of(merge.survivor).filter(across).exists():
            yield CONSENT_ACROSS
