import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="disclosure",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("care", "Care of the patient"),
                    ("identification", "Finding the patient’s record"),
                    ("authorisation", "Decision of the ministry"),
                    ("oversight", "Oversight of what enters the country"),
                    ("request", "Request of the patient"),
                ],
                max_length=20,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="basis",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("own_patient", "Patient of one’s own facility"),
                        ("consent", "Patient’s consent"),
                        ("emergency", "Emergency"),
                        ("public_duty", "Duty of the authority"),
                        ("right_to_know", "Patient’s right to know"),
                    ],
                    max_length=20,
                ),
                size=None,
                verbose_name="basis",
            ),
        ),
    ]
