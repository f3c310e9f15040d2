"""What hangs on a patient's record, and what becomes of it when two records of one person are merged.

Each room says it of its own tables: a relation to a patient without a rule here stops a test. A row goes over with the
record, or stays with it as a part of its history.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import Model, QuerySet

from core.actors import Actor
from core.errors import Text
from core.road import Hindrance
from patients.models import Merge, Patient


class Relation:
    """The rows of a model that belong to a patient by `field`, and come over to the record that stays."""

    model: type[Model]
    field: ClassVar[str] = "patient"
    #: Whether its rows are locked before the patients' own, as whoever writes them does.
    locked_first: ClassVar[bool] = False

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    def of(self, *patients: Patient) -> QuerySet[Any]:
        """The rows of these records."""
        return self.model._default_manager.filter(**{f"{self.field}__in": [one.pk for one in patients]})

    def coming(self, survivor: Patient, merged: Patient) -> QuerySet[Any]:
        """The rows that come over."""
        return self.of(merged)

    def seen(self, actor: Actor, merged: Patient, survivor: Patient) -> int:
        """How many rows come over that the actor may know of."""
        return self.coming(survivor, merged).count()

    def words(self, number: int) -> Text:
        """“2 consents”."""
        raise NotImplementedError

    def obstacles(self, survivor: Patient, merged: Patient) -> Iterable[Hindrance]:
        """What stands against the merge."""
        return ()

    def countries(self, *patients: Patient) -> set[str]:
        """The countries that the rows concern."""
        return set()

    def move(self, keys: Sequence[Any], old: Patient, new: Patient, *, by: Actor) -> None:
        """Hang the rows on another record, in the caller's transaction."""
        self.model._default_manager.filter(pk__in=keys).update(**{self.field: new})

    def going_back(self, merge: Merge, keys: Sequence[Any]) -> Sequence[Any]:
        """The rows that an undoing gives back: those that came over, and what has grown out of them."""
        return keys

    def undo_obstacles(self, merge: Merge, keys: Sequence[Any]) -> Iterable[Hindrance]:
        """What has happened to the rows since that an undoing can't part."""
        return ()


#: By the name of the model.
RELATIONS: dict[str, Relation] = {}
#: Relations that a merge leaves alone: they say what happened to a record, or follow from what goes over.
STAYS: set[tuple[str, str]] = {
    ("patients.patient", "merged_into"),
    ("patients.merge", "survivor"),
    ("patients.merge", "merged"),
    ("patients.searchword", "patient"),
    ("patients.correction", "patient"),
}


def relation(kind: type[Relation]) -> type[Relation]:
    """Add a rule."""
    rule = kind()
    RELATIONS[rule.name] = rule
    return kind
