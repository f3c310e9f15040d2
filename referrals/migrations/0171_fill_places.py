from django.db import migrations

# The triggers do the work: each row finds its place at a change of it.
_PLACES = "UPDATE referrals_referral SET rank = rank"
_WORDS = """
INSERT INTO patients_searchword (facility_id, country_id, patient_id, word)
SELECT DISTINCT r.host_facility_id, o.country_id, p.id, w.word
FROM referrals_referral r
JOIN facilities_organisation o ON o.id = r.host_facility_id
JOIN patients_patient p ON p.id = r.patient_id
CROSS JOIN LATERAL (
    SELECT DISTINCT unnest(string_to_array(p.search_key, ' ') || ARRAY['']::text[]) AS word
) w
WHERE r.sent_at IS NOT NULL
ON CONFLICT (facility_id, word, patient_id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0170_places_in_lists"),
        ("patients", "0171_fill_search_words"),
    ]

    operations = [
        migrations.RunSQL(_PLACES, migrations.RunSQL.noop),
        migrations.RunSQL(_WORDS, migrations.RunSQL.noop),
    ]
