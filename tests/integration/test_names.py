"""Names in the database: nothing but texts gets in, by whatever way, and a name is found in any language."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from facilities.models import Organisation, Specialty
from tests.factories.facilities import World


@pytest.mark.parametrize("names", [{"xx": "One"}, {"en": ""}, {"en": None}, ["One"]])
def test_wrong_names_are_refused_by_every_way_of_writing(world: World, names: object) -> None:
    row = world.specialties["oncology"]
    good = {**row.names, "uz": "Onkologiya"}
    for write in (
        lambda value: Specialty(pk=row.pk, names=value).save(update_fields=["names"]),
        lambda value: Specialty.objects.filter(pk=row.pk).update(names=value),
        lambda value: Specialty.objects.bulk_update([Specialty(pk=row.pk, names=value)], ["names"]),
        lambda value: Specialty.objects.bulk_create([Specialty(system="x", code="new", names=value)]),
    ):
        with pytest.raises(ValidationError), transaction.atomic():
            write(names)
        write(good)
    row.refresh_from_db()
    assert row.names == good


@pytest.mark.parametrize("names", ['{"en": ""}', '{"en": null}', '{"en": 1}', '["One"]', '"One"', "null"])
def test_the_database_itself_refuses_what_is_no_names(world: World, names: str) -> None:
    table = Specialty._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {table} SET names = \'{{"en": "One"}}\'')
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(f"UPDATE {table} SET names = %s", [names])


def test_rows_are_ordered_and_found_by_a_name(world: World) -> None:
    english = list(Specialty.objects.values_list("names__en", flat=True))
    assert english == sorted(english)
    assert len(english) == 4
    ministry = world.ministries["KZ"]
    ministry.names = {"kk": "Денсаулық сақтау министрлігі"}
    ministry.save()
    assert Organisation.objects.get(names__kk__icontains="сақтау") == ministry
    assert not Organisation.objects.filter(names__ru__icontains="сақтау").exists()
