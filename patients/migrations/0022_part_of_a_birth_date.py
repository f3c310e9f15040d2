"""A year of birth, or a month of birth, without the rest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0021_numbers_of_any_country")]

    operations = [
        migrations.AddField(
            "patient",
            "birth_precision",
            models.CharField(
                choices=[
                    ("day", "The whole date"),
                    ("month", "The month and the year"),
                    ("year", "The year alone"),
                ],
                default="day",
                max_length=5,
                verbose_name="Known of the date of birth",
            ),
        ),
        migrations.AddConstraint(
            "patient",
            models.CheckConstraint(
                condition=models.Q(birth_precision="day")
                | models.Q(birth_date__day=1, birth_precision="month")
                | models.Q(birth_date__day=1, birth_date__month=1, birth_precision="year"),
                name="patient_birth_date_is_first_of_precision",
            ),
        ),
    ]
