from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import days, zones
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Invalid, NotKnown, Stale
from core.outbox.publish import publish
from core.sealed.fields import first_equal
from patients import access, wording
from patients.contact import clean_text
from patients.events import PATIENT_FACTS, STATED_ELSEWHERE
from patients.identifiers import stands_for_none
from patients.known import coverages_written, is_recorder
from patients.models import Coverage, Patient
from patients.models.coverage import LATEST_END_YEARS

PUBLIC_KINDS = ("state", "insurance")


@action
def record_coverage(
    *,
    by: Actor,
    patient_id: UUID,
    kind: str,
    valid_from: date,
    source: str,
    fund: int | None = None,
    number: str = "",
    valid_to: date | None = None,
    checked_on: date | None = None,
    country: str = "",
) -> Coverage:
    """Record who pays for the patient. `fund`: key of an organisation of kind fund, whose country is the coverage's.

    `country`: where a private insurance pays, which has no such fund; for one's own purse it is left out.
    `checked_on`: the day on which `source` was looked at, today when left out. Invalid names the argument.
    """
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    terms = {
        "kind": kind,
        "valid_from": valid_from,
        "source": source,
        "fund": fund,
        "number": number,
        "valid_to": valid_to,
        "checked_on": checked_on,
        "country": country,
    }
    coverage = add_coverage(patient, terms, by=by)
    publish(PATIENT_FACTS, subject=patient, by=by)
    return coverage


@action
def correct_coverage(*, by: Actor, patient_id: UUID, coverage_id: int, **changes: Any) -> Coverage:
    """Correct a coverage, or end it by its `valid_to`: a new row with the changes replaces it, and the old one stays.

    Of another facility's coverage the new row stands beside it, as what the patient stated here: its recorder goes on
    with its own, and is told.
    `changes`: arguments of `record_coverage`; what is left out stays. Nothing changed: the row as it is.
    Raises NotKnown, Stale where another correction was quicker, Invalid with the argument.
    """
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    lock_patient(patient)
    # One that was replaced is found too, to say so.
    old = coverages_written(by).filter(pk=coverage_id, patient_id=patient.pk).first()
    if old is None:
        raise NotKnown(_("There is no such coverage of this patient."))
    values = clean_terms(_terms_of(old, changes))
    if values["valid_from"] != old.valid_from:
        _require_life(patient, values["valid_from"])
    if Coverage.objects.filter(replaces=old).exists():
        raise Stale(_("Somebody corrected this coverage meanwhile. Look at it again, then repeat the step."))
    if all(getattr(old, name) == value for name, value in values.items()):
        return old
    own = {"replaces": old, "beside_id": old.beside_id}
    place = own if is_recorder(by, old) else {"beside": old}
    coverage = Coverage.objects.create(
        patient_id=patient.pk,
        **values,
        **place,
        recorded_by_id=by.user_id,
        recorder_id=by.organisation_id,
    )
    changed = sorted(name for name, value in values.items() if getattr(old, name) != value)
    details = {
        "coverage": coverage.pk,
        "replaces" if "replaces" in place else "beside": old.pk,
        "changed": changed,
    }
    record("patient.coverage_corrected", by=by, subject=patient, details=details)
    if "replaces" not in place:
        publish(STATED_ELSEWHERE, subject=patient, payload={"recorder": old.recorder_id}, by=by)
    publish(PATIENT_FACTS, subject=patient, by=by)
    return coverage


def _require_life(patient: Patient, begins: date) -> None:
    if problem := wording.outside_life(patient, begins):
        raise Invalid({"valid_from": [problem]})


def _terms_of(coverage: Coverage, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of a coverage with changes over them. Another fund brings its country along."""
    terms: dict[str, Any] = {
        "kind": coverage.kind,
        "fund": coverage.fund_id,
        "number": coverage.number,
        "valid_from": coverage.valid_from,
        "valid_to": coverage.valid_to,
        "checked_on": coverage.checked_on,
        "source": coverage.source,
        "country": coverage.country_id or "",
    }
    if {"fund", "kind"} & changes.keys():
        terms["country"] = ""
    return {**terms, **changes}


def add_coverage(patient: Patient, terms: Mapping[str, Any], *, by: Actor) -> Coverage:
    """Check the terms (arguments of `record_coverage`) and write them, inside the caller's transaction."""
    values = clean_terms(terms)
    _require_life(patient, values["valid_from"])
    lock_patient(patient)
    mine = {"recorded_by_id": by.user_id, "recorder_id": by.organisation_id}
    same = first_equal(Coverage.objects.current().filter(patient_id=patient.pk), {**mine, **values})
    if same is not None:  # the same form sent twice
        return same
    coverage = Coverage.objects.create(patient_id=patient.pk, **mine, **values)
    details = {"coverage": coverage.pk, "kind": values["kind"], "fund": values["fund_id"]}
    record("patient.coverage_recorded", by=by, subject=patient, details=details)
    return coverage


def lock_patient(patient: Patient) -> None:
    """Make two writers to one patient's lists wait for each other. Stale where the record was merged meanwhile."""
    locked = Patient.objects.select_for_update(of=("self",)).filter(pk=patient.pk)
    if locked.values_list("merged_into_id", flat=True).get() is not None:
        raise Stale(access.MERGED)


def clean_terms(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Model values for the arguments of `record_coverage`; Invalid with the argument that is wrong."""
    errors: dict[str, list[wording.Text]] = {}
    kind, fund, number = terms.get("kind") or "", terms.get("fund") or None, terms.get("number") or ""
    if kind not in Coverage.Kind.values:
        errors["kind"] = [_("Choose one of the answers offered.")]
    if terms.get("source") not in Coverage.Source.values:
        errors["source"] = [_("Choose one of the answers offered.")]
    country = terms.get("country") or ""
    if kind == Coverage.Kind.SELF:
        fund, number, country = None, "", ""
    elif kind in PUBLIC_KINDS and fund is None:
        errors["fund"] = [_("Choose the fund that pays.")]
    else:
        country = _clean_country(fund, country, errors)
    cleaned = clean_text(number) if len(number) <= 400 else number
    if cleaned is None:
        errors["number"] = [wording.HIDDEN_CHARACTER]
    elif stands_for_none(cleaned):
        errors["number"] = [
            _("This stands for no insurance number. Leave the field empty if the number isn’t known.")
        ]
    elif len(cleaned) > 40:
        errors["number"] = [_("The insurance number is too long: use at most 40 characters.")]
    dates = _clean_period(terms, errors)
    if errors:
        raise Invalid(errors)
    return {
        "kind": kind,
        "fund_id": fund,
        "country_id": country or None,
        "number": cleaned,
        "source": terms["source"],
        **dates,
    }


def _clean_country(fund: int | None, country: str, errors: dict[str, list[wording.Text]]) -> str:
    """The country in which the coverage pays: that of its fund, or the one that is said where no fund is."""
    if fund is not None:
        paying = access.funds().filter(pk=fund).select_related("country").first()
        if paying is None:
            errors["fund"] = [_("Choose one of the funds offered.")]
        elif country and country != paying.country_id:
            errors["country"] = [
                _("This fund pays in another country. Choose the fund’s country, or another fund.")
            ]
        else:
            return paying.country_id or country
    elif not country:
        errors["country"] = [_("Choose the country in which the insurance pays.")]
    elif not access.countries().filter(pk=country).exists():
        errors["country"] = [_("Choose one of the countries offered.")]
    return country


def _clean_period(terms: Mapping[str, Any], errors: dict[str, list[wording.Text]]) -> dict[str, Any]:
    today = zones.today()
    start, end = terms.get("valid_from"), terms.get("valid_to")
    checked_on = terms.get("checked_on") or today
    if start is None:
        errors["valid_from"] = [_("Enter the day from which the coverage is valid.")]
    elif end is not None and end < start:
        errors["valid_to"] = [_("The coverage ends before it begins. Check both dates.")]
    elif start > today + days.PLANNED:
        errors["valid_from"] = [_("The coverage begins more than two years ahead. Check the year.")]
    elif end is not None and end.year > today.year + LATEST_END_YEARS:
        errors["valid_to"] = [
            _("The coverage ends more than 75 years ahead. Leave the end empty if none is known.")
        ]
    if checked_on > today:
        errors["checked_on"] = [_("The day of the check lies in the future.")]
    return {"valid_from": start, "valid_to": end, "checked_on": checked_on}


@contextmanager
def prefixed(name: str) -> Iterator[None]:
    """Put `name.` before the fields of an Invalid that the block raises."""
    try:
        yield
    except Invalid as error:
        raise Invalid({f"{name}.{field}": texts for field, texts in error.fields.items()}) from error
