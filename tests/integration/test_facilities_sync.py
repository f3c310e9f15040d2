"""What a person corrected stands beside what the reference data bring."""

import pytest

from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.errors import Denied
from facilities.models import (
    Specialty,
)
from facilities.reference.report import TableReport
from facilities.reference.sync import sync


def test_a_person_s_correction_of_one_language_leaves_the_others_to_the_file(world):
    fields = ("system", "code")

    def load(**names: str) -> TableReport:
        report = TableReport("specialties")
        row = {"system": "x", "code": "1", "display": "One", "names": {"en": "One", **names}}
        sync(Specialty, [row], key=fields, report=report)
        return report

    load(ru="Один", kk="Бір")
    row = Specialty.objects.get(system="x", code="1")
    assert row.changed_by_person() == {}
    row.names = {**row.names, "ru": "Единица", "uz": "Bitta"}
    row.save()
    assert row.changed_by_person() == {"names.ru": "Один", "names.uz": ""}

    report = load(ru="Один (новое)", kk="Бір (жаңа)", ky="Бир")
    row.refresh_from_db()
    assert row.names == {"en": "One", "ru": "Единица", "uz": "Bitta", "kk": "Бір (жаңа)", "ky": "Бир"}
    kept = {part.field: (part.value, part.reference) for part in report.kept}
    assert kept == {"names.ru": ("Единица", "Один (новое)"), "names.uz": ("Bitta", "")}
    assert load(ru="Один (новое)", kk="Бір (жаңа)", ky="Бир").updated == 0

    assert row.restore_reference(["names.ru"]) == ["names.ru"]
    row.save()
    assert row.changed_by_person() == {"names.uz": ""}
    load(ru="Один (новое)")  # the file lost two languages
    row.refresh_from_db()
    assert row.names == {"en": "One", "ru": "Один (новое)", "uz": "Bitta"}
    assert row.restore_reference() == ["names.uz"]
    assert row.names == {"en": "One", "ru": "Один (новое)"}


def test_a_name_that_a_person_took_away_stays_away(world):
    row = {"system": "x", "code": "1", "display": "One", "names": {"en": "One", "ru": "Один"}}
    sync(Specialty, [row], key=("system", "code"), report=TableReport("first"))
    found = Specialty.objects.get(system="x", code="1")
    found.names = {"en": "One"}
    found.save()
    report = TableReport("second")
    sync(Specialty, [row], key=("system", "code"), report=report)
    found.refresh_from_db()
    assert found.names == {"en": "One"}
    assert [(part.field, part.value, part.reference) for part in report.kept] == [("names.ru", "", "Один")]


def test_rows_that_left_the_reference_stay_and_are_named(world):
    rows = [{"code": "1", "system": "x", "display": "One", "names": {"en": "One"}}]
    sync(Specialty, rows, key=("system", "code"), report=TableReport("first"))
    report = TableReport("second")
    sync(Specialty, [], key=("system", "code"), report=report)
    assert report.vanished == [str(Specialty.objects.get(code="1").pk)]


def test_restoring_is_for_administrators_and_leaves_a_trace(world):
    from facilities.actions import restore_reference

    row = world.specialties["oncology"]
    row.loaded_values = {"names": {"ru": "Онкология (справочник)", "en": "Oncology"}}
    row.save()
    with pytest.raises(Denied):
        restore_reference(rows=[row], by=world.actor("clinician_kz"))
    assert restore_reference(rows=[row], by=world.actor("administrator")) == 1
    row.refresh_from_db()
    assert row.names["ru"] == "Онкология (справочник)"
    assert AuditRow.objects.filter(action="reference.restore", details={"fields": ["names.ru"]}).count() == 1
    assert restore_reference(rows=[row], by=SYSTEM) == 0
