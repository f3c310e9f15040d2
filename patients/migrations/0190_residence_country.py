from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="residence_country",
            field=models.CharField(blank=True, max_length=2, verbose_name="Country of residence"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("residence_country", ""),
                    models.Q(("residence_country__regex", "^[A-Z]{2}$"), ("residence_district__isnull", True)),
                    _connector="OR",
                ),
                name="patient_residence_country_is_code",
            ),
        ),
    ]
