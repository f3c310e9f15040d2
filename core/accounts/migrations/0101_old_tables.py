"""Django's table of sessions and the lock-out's tables are of no use any more: everybody signs in anew."""

from django.db import migrations

OLD = ("django_session", "axes_accessattemptexpiration", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0100_second_factor")]

    operations = [
        migrations.RunSQL([f"DROP TABLE IF EXISTS {name} CASCADE" for name in OLD], migrations.RunSQL.noop)
    ]
