"""Two records of one person become one, by a person's word; and two again, if that was wrong (ADR 18)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Denied, Invalid, NotKnown, Stale
from core.outbox.publish import publish
from core.walls.session import reaching
from patients import access, guards, wording
from patients.actions.consent import label_of
from patients.actions.merge_terms import check_reason, check_said
from patients.actions.numbers import give_temporary_number, refresh_warnings
from patients.actions.registration import current_fields
from patients.cleaning import clean_person
from patients.comparing import Compared, State, compare
from patients.events import DIED, MERGE_UNDONE, MERGED, PATIENT_FACTS
from patients.known import is_recorder, require_recorder
from patients.models import (
    CONTACT_FIELDS,
    ContactStatement,
    Merge,
    Patient,
    Registration,
)
from patients.relations import RELATIONS

#: What a merge writes besides the fields of a person, and undoes by itself.
_OWN = {"id", "version", "updated_at", "created_at", "created_by_id", "merged_into_id"}


@action
@reaching("merge")  # what hangs on the two goes along, whoever recorded it
def merge_patients(
    *,
    by: Actor,
    survivor_id: UUID,
    merged_id: UUID,
    survivor_version: int,
    merged_version: int,
    ground: str,
    choices: Mapping[str, str],
    decided_by: str = "",
) -> Merge:
    """Merge a record into another one of the same person; both are at the actor's facility.

    Another facility's record may be the one that stays: nothing in it changes, and the own contact stands beside it.
    `choices` says for each unit of `patients.comparing` that contradicts whose value stands. `decided_by` names the
    person who decided where a system acts. Raises Denied, NotKnown, Moved, Stale, IllegalTransition with the code of
    what stands against it, Invalid with `merged`, `ground`, `decided_by` or `choices.<unit>`.
    """
    access.require_merge(by)
    survivor, merged = _locked(by, survivor_id, merged_id)
    ours = _may_be_written(by, survivor, merged, choices)
    if (survivor.version, merged.version) != (survivor_version, merged_version):
        raise Stale(
            _("Somebody changed one of the two records meanwhile. Look at both again, then repeat the step.")
        )
    if obstacles := guards.merge_obstacles(survivor, merged):
        raise obstacles[0].error()
    compared = compare(survivor, merged)
    decided_by = check_said(by, compared, ground, choices, decided_by)
    countries = _countries(by, survivor, merged)
    before = _fields(survivor)
    if ours:
        _take_over(survivor, merged, compared, choices, by=by)
    else:
        _keep_contact(survivor, merged, by=by)
    moved = {
        name: list(rule.coming(survivor, merged).values_list("pk", flat=True))
        for name, rule in RELATIONS.items()
    }
    after = _fields(survivor)
    changed = sorted(name for name, value in after.items() if value != before[name])
    merge = Merge.objects.create(
        survivor=survivor,
        merged=merged,
        ground=ground,
        moved=moved,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        facility_id=by.organisation_id,
        by_user_id=by.user_id,
        by_label=label_of(by),
        decided_by=decided_by,
    )
    for name, rule in RELATIONS.items():
        rule.move(moved[name], merged, survivor, by=by)
    merged.merged_into = survivor
    merged.version += 1
    merged.save(update_fields=["merged_into", "version", "updated_at"])
    survivor.version += 1
    survivor.save()
    refresh_warnings(survivor)
    details = {"merge": merge.pk, "ground": ground, "fields": changed, "moved": _counts(moved)}
    _trace("patient.merged", MERGED, merge, countries, details, by=by)
    publish(PATIENT_FACTS, subject=survivor, by=by)
    if (
        survivor.deceased_on is not None and survivor.death_confirmer_id is None
    ):  # a death that referrals of the other record haven't followed yet
        publish(DIED, subject=survivor, by=by)
    return merge


@action
@reaching("merge")  # what hangs on the two goes along, whoever recorded it
def undo_merge(
    *, by: Actor, survivor_id: UUID, merge_id: int, expected_version: int, reason: str, decided_by: str = ""
) -> Merge:
    """Part two records again as they were, as long as nothing has happened since that belongs to both.

    What was recorded with the merged record since stays with the one that stood. A facility that came to know it since
    knows both afterwards. Raises as `merge_patients` does.
    """
    access.require_merge(by)
    found = Merge.objects.filter(pk=merge_id, survivor=access.get_visible(by, survivor_id)).first()
    if found is None:
        raise NotKnown(_("There is no such merge of this patient."))
    survivor, merged = _both(found.survivor_id, found.merged_id)
    merge = Merge.objects.select_for_update().get(pk=found.pk)
    merge.survivor, merge.merged = survivor, merged
    if survivor.version != expected_version:
        raise Stale(
            _("Somebody changed one of the two records meanwhile. Look at both again, then repeat the step.")
        )
    if obstacles := guards.undo_obstacles(merge):
        raise obstacles[0].error()
    decided_by = check_reason(by, reason, decided_by)
    countries = _countries(by, survivor, merged)
    _part(merge, by=by)
    merge.undone_at = timezone.now()
    merge.undone_by_label, merge.undone_decided_by, merge.undo_reason = label_of(by), decided_by, reason
    merge.save(update_fields=["undone_at", "undone_by_label", "undone_decided_by", "undo_reason"])
    details = {"merge": merge.pk, "reason": reason}
    _trace("patient.merge_undone", MERGE_UNDONE, merge, countries, details, by=by)
    for patient in (survivor, merged):
        publish(PATIENT_FACTS, subject=patient, by=by)
    return merge


def _part(merge: Merge, *, by: Actor) -> None:
    """Give back the rows that came over, and the fields as they were."""
    survivor, merged = merge.survivor, merge.merged
    merged.merged_into = None
    merged.version += 1
    merged.save(update_fields=["merged_into", "version", "updated_at"])
    for name, rule in RELATIONS.items():
        rule.move(rule.going_back(merge, merge.moved.get(name, [])), survivor, merged, by=by)
    # Of a facility that came to know the record since nobody can say which of the two it means.
    for known in Registration.objects.filter(patient=survivor, registered_at__gt=merge.at).order_by("pk"):
        who = {"registered_by_id": known.registered_by_id}
        Registration.objects.get_or_create(patient=merged, facility_id=known.facility_id, defaults=who)
    for name, value in merge.before.items():
        setattr(survivor, name, guards.restored(name, value))
    survivor.version += 1
    survivor.save()
    for patient in (survivor, merged):
        refresh_warnings(patient)
        if not patient.identifiers.exists():
            give_temporary_number(patient, by=by)


def _locked(by: Actor, survivor_id: UUID, merged_id: UUID) -> tuple[Patient, Patient]:
    """The two records, as far as the actor sees both, locked in an order that is the same for everybody."""
    for patient_id in (survivor_id, merged_id):
        access.get_visible(by, patient_id)
    if survivor_id == merged_id:
        raise Invalid({"merged": [_("This is the same record. Choose the other one.")]}, code="same_record")
    survivor, merged = _both(survivor_id, merged_id)
    for patient in (survivor, merged):
        if patient.merged_into_id is not None:  # merged while we waited for it
            access.get_visible(by, patient.pk)
    return survivor, merged


def _both(survivor_id: UUID, merged_id: UUID) -> tuple[Patient, Patient]:
    ids = [survivor_id, merged_id]
    for rule in RELATIONS.values():
        if rule.locked_first:
            rows = rule.model._default_manager.select_for_update(of=("self",)).order_by("pk")
            list(rows.filter(**{f"{rule.field}__in": ids}).values_list("pk"))
    locked = Patient.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    found = {patient.pk: patient for patient in locked}
    return found[survivor_id], found[merged_id]


def _take_over(
    survivor: Patient, merged: Patient, compared: list[Compared], choices: Mapping[str, str], *, by: Actor
) -> None:
    """Set on the record that stays what comes over. Raises Invalid where the two together make no sense."""
    before = _fields(survivor)
    for one in compared:
        chosen = one.state == State.CONTRADICTS and choices[one.unit.name] == "merged"
        if chosen or one.state == State.COMES:
            for name in one.unit.fields:
                setattr(survivor, name, getattr(merged, name))
    survivor.is_unknown = survivor.is_unknown and merged.is_unknown
    if (
        merged.death_confirmer_id is None
    ):  # of one day of death, which is the same in both, one record knows more
        survivor.death_confirmer = None
    if _fields(survivor) == before:
        return
    values, errors = clean_person(current_fields(survivor), country=by.country)
    if errors:
        # Said of the whole: the fields are those of the two records, not of this form.
        raise Invalid({"": [text for texts in errors.values() for text in texts]})
    for name, value in values.items():
        setattr(survivor, name, value)


def _may_be_written(by: Actor, survivor: Patient, merged: Patient, choices: Mapping[str, str]) -> bool:
    """Whether the record that stays is the facility's own. Denied where another one's would go into it, or change."""
    require_recorder(by, merged)
    ours = is_recorder(by, survivor)
    if not ours and "merged" in choices.values():
        raise Denied(wording.OTHER_RECORDER, code="other_recorder")
    return ours


def _keep_contact(survivor: Patient, merged: Patient, *, by: Actor) -> None:
    """How to reach the patient by the facility's own record stands beside the other facility's from now on."""
    said = {name: getattr(merged, name) for name in CONTACT_FIELDS}
    if ContactStatement.objects.filter(patient_id=survivor.pk, recorder_id=by.organisation_id).exists():
        return
    who = {"recorder_id": by.organisation_id, "recorded_by_id": by.user_id}
    ContactStatement.objects.create(patient_id=survivor.pk, **who, **said)


def _fields(patient: Patient) -> dict[str, Any]:
    """What the record says, by column."""
    names = (field.attname for field in Patient._meta.concrete_fields)
    return {name: getattr(patient, name) for name in names if name not in _OWN}


def _countries(by: Actor, *patients: Patient) -> set[str]:
    """Every country whose auditors are to read of it."""
    found = {by.country}
    for rule in RELATIONS.values():
        found |= rule.countries(*patients)
    return found - {""}


def _counts(moved: Mapping[str, list[Any]]) -> dict[str, int]:
    return {name: len(keys) for name, keys in moved.items() if keys}


def _trace(
    word: str, event: str, merge: Merge, countries: set[str], details: dict[str, Any], *, by: Actor
) -> None:
    """An audit row for each country concerned and each of the two records, and the event."""
    for country in sorted(countries):
        for patient, other in ((merge.survivor, merge.merged), (merge.merged, merge.survivor)):
            part = {"stays": patient == merge.survivor, "other": str(other.pk)}
            record(word, by=by, subject=patient, country=country, details=details | part)
    publish(event, subject=merge.survivor, payload={"merge": merge.pk, "by": by.organisation_id}, by=by)
