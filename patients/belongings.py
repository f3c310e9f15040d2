"""What hangs on a patient in this room, and what becomes of it when two records are merged."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.actors import Actor
from core.errors import Text
from core.road import Hindrance
from patients.identifiers import COUNTRY_OF
from patients.models import (
    Consent,
    ContactStatement,
    Coverage,
    Identifier,
    LegalHold,
    Merge,
    Patient,
    RecordNumber,
    Registration,
)
from patients.relations import Relation, relation

TWO_NUMBERS = "two_national_numbers"
NUMBER_GONE = Hindrance(
    "number_removed",
    _("A number that came from the other record was removed since. Nobody can say whose it was."),
)


@relation
class Identifiers(Relation):
    """Every number comes over. A person has one national number of a country: two are two persons, or a mistake."""

    model = Identifier

    def words(self, number: int) -> Text:
        return ngettext_lazy("%(number)s number", "%(number)s numbers", number) % {"number": number}

    def obstacles(self, survivor: Patient, merged: Patient) -> Iterable[Hindrance]:
        held = {(row.system, row.value) for row in self.of(survivor).filter(system__in=list(COUNTRY_OF))}
        kinds = {system for system, _value in held}
        for row in self.of(merged).order_by("pk"):
            if row.system not in kinds or (row.system, row.value) in held:  # two facilities may both know it
                continue
            text = _(
                "Each record has a number of its own: %(kind)s. A person has one. Compare both with the documents "
                "and remove the wrong one first; if both are right, they are two persons."
            )
            yield Hindrance(TWO_NUMBERS, text % {"kind": row.get_system_display()})

    def undo_obstacles(self, merge: Merge, keys: Sequence[Any]) -> Iterable[Hindrance]:
        if Identifier.objects.filter(pk__in=keys, patient_id=merge.survivor_id).count() < len(keys):
            yield NUMBER_GONE


@relation
class Registrations(Relation):
    """A facility that knows one of the records knows the one that stays. Where both are known, nothing comes over."""

    model = Registration

    def coming(self, survivor: Patient, merged: Patient) -> QuerySet[Any]:
        return self.of(merged).exclude(facility__in=self.of(survivor).values("facility"))

    def words(self, number: int) -> Text:
        return ngettext_lazy(
            "%(number)s facility that knows the patient",
            "%(number)s facilities that know the patient",
            number,
        ) % {"number": number}

    def countries(self, *patients: Patient) -> set[str]:
        return {*self.of(*patients).values_list("facility__organisation__country_id", flat=True)} - {None}


@relation
class RecordNumbers(Relation):
    """A facility's own number comes over, unless the record that stays has one of that facility."""

    model = RecordNumber

    def coming(self, survivor: Patient, merged: Patient) -> QuerySet[Any]:
        return self.of(merged).exclude(facility__in=self.of(survivor).values("facility"))

    def seen(self, actor: Actor, merged: Patient, survivor: Patient) -> int:
        return self.coming(survivor, merged).filter(facility_id=actor.organisation_id).count()

    def words(self, number: int) -> Text:
        return ngettext_lazy("%(number)s record number", "%(number)s record numbers", number) % {
            "number": number
        }

    def going_back(self, merge: Merge, keys: Sequence[Any]) -> Sequence[Any]:
        rows = RecordNumber.objects.filter(pk__in=keys, patient_id=merge.survivor_id)
        return list(rows.values_list("pk", flat=True))


@relation
class Coverages(Relation):
    """Every coverage, with what it replaced."""

    model = Coverage

    def words(self, number: int) -> Text:
        return ngettext_lazy("%(number)s coverage", "%(number)s coverages", number) % {"number": number}

    def seen(self, actor: Actor, merged: Patient, survivor: Patient) -> int:
        return Coverage.objects.current().filter(patient=merged).count()

    def going_back(self, merge: Merge, keys: Sequence[Any]) -> Sequence[Any]:
        """With the corrections that were made of them since."""
        found, newer = [*keys], [*keys]
        while newer:
            newer = [
                *Coverage.objects.filter(replaces__in=newer)
                .exclude(pk__in=found)
                .values_list("pk", flat=True)
            ]
            found += newer
        return found


HELD = Hindrance(
    "record_held",
    _(
        "A legal hold stands on the record, and nobody can say to which of the two it belongs. It must be lifted first."
    ),
)


@relation
class Holds(Relation):
    """What must not be erased must not be erased of the record that stays, either."""

    model = LegalHold

    def words(self, number: int) -> Text:
        return ngettext_lazy("%(number)s legal hold", "%(number)s legal holds", number) % {"number": number}

    def undo_obstacles(self, merge: Merge, keys: Sequence[Any]) -> Iterable[Hindrance]:
        if self.of(merge.survivor).filter(lifted_at__isnull=True).exists():
            yield HELD


@relation
class ContactStatements(Relation):
    """What the patient stated elsewhere of how to reach them goes on standing beside the record that stays."""

    model = ContactStatement

    def words(self, number: int) -> Text:
        return ngettext_lazy(
            "%(number)s statement of contact details", "%(number)s statements of contact details", number
        ) % {"number": number}


@relation
class Consents(Relation):
    """Every consent: what was said stays said, to whichever record it was."""

    model = Consent

    def words(self, number: int) -> Text:
        return ngettext_lazy("%(number)s consent", "%(number)s consents", number) % {"number": number}
