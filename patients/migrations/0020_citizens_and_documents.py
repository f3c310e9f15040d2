"""Citizens and documents of any country: several citizenships, none, or not known; expiry of a document."""

import django.contrib.postgres.fields
import django.db.models.lookups
from django.db import migrations, models


FORWARDS = """
UPDATE patients_patient SET citizenships = ARRAY[citizenship_id]::varchar(2)[], citizenship_status = 'known'
WHERE citizenship_id IS NOT NULL
"""
# "Another country, or none" was one answer: what it meant isn't known. Of several the first stays.
BACKWARDS = """
UPDATE patients_patient SET citizenship_id = citizenships[1]
WHERE citizenships[1] IN (SELECT code FROM facilities_country)
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0040_coverage_country")]

    operations = [
        migrations.AddField(
            "patient",
            "citizenship_status",
            models.CharField(
                choices=[
                    ("known", "Citizen of a country, or of several"),
                    ("stateless", "Stateless: a citizen of no country"),
                    ("not_known", "Not known"),
                ],
                default="not_known",
                max_length=10,
                verbose_name="Citizenship",
            ),
        ),
        migrations.AddField(
            "patient",
            "citizenships",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2),
                blank=True,
                default=list,
                size=None,
                verbose_name="Countries of citizenship",
            ),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RemoveField("patient", "citizenship"),
        migrations.AddConstraint(
            "patient",
            models.CheckConstraint(
                condition=models.Q(citizenship_status="known", citizenships__len__gte=1)
                | models.Q(citizenship_status__in=["stateless", "not_known"], citizenships__len=0),
                name="patient_citizenship_one_of_three",
            ),
        ),
        migrations.AddConstraint(
            "patient",
            models.CheckConstraint(
                condition=django.db.models.lookups.Regex(
                    models.Func(
                        models.F("citizenships"),
                        models.Value(","),
                        function="array_to_string",
                        output_field=models.TextField(),
                    ),
                    models.Value("^([A-Z]{2}(,[A-Z]{2})*)?$"),
                ),
                name="patient_citizenships_are_codes",
            ),
        ),
        migrations.RemoveConstraint("identifier", "identifier_form"),
        migrations.AlterField("identifier", "country", models.CharField(max_length=2, verbose_name="Issued by")),
        migrations.AddField(
            "identifier",
            "expires_on",
            models.DateField(blank=True, null=True, verbose_name="Valid until"),
        ),
    ]
