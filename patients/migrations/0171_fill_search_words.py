from typing import Any

from django.db import migrations

from patients.names import search_key

BATCH = 2000

_WORDS = """
INSERT INTO patients_searchword (facility_id, country_id, patient_id, word)
SELECT r.facility_id, o.country_id, p.id, w.word
FROM patients_registration r
JOIN facilities_organisation o ON o.id = r.facility_id
JOIN patients_patient p ON p.id = r.patient_id
CROSS JOIN LATERAL (
    SELECT DISTINCT unnest(string_to_array(p.search_key, ' ') || ARRAY['']::text[]) AS word
) w
ON CONFLICT (facility_id, word, patient_id) DO NOTHING
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """The words of the patients that are there already."""
    patients = apps.get_model("patients", "Patient").objects
    rows = []
    names = ("pk", "family_name", "given_name", "patronymic")
    for pk, *parts in patients.values_list(*names).iterator(chunk_size=BATCH):
        rows.append(patients.model(pk=pk, search_key=search_key(*parts)))
        if len(rows) == BATCH:
            patients.bulk_update(rows, ["search_key"])
            rows = []
    if rows:
        patients.bulk_update(rows, ["search_key"])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_WORDS)


class Migration(migrations.Migration):
    dependencies = [("patients", "0170_search_words")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
