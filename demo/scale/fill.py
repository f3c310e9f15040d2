"""Many referrals quickly: copies of those that are there, made by the database itself.

A copy keeps its pattern's state and all that belongs to it, and has a patient, a number and moments of its own. Nine of
ten are copies of what is over, spread over three years; the others began in the last month. Four of ten stay at their
pattern's hospitals, which so become large ones; the others go round the hospitals of the same country.
"""

from typing import Any, Final

from django.db import connection

from core.sealed.box import seal_text
from patients import blind
from referrals.models import Appointment, DischargeSummary, EligibilityCheck, EvidenceItem, StatusChange

MOST_HOSPITALS: Final = 200
NAMES: Final = 5000
NUMBER, PHONE = "N10000400", "+77050000120"
"""By what two of the patients are found."""

_GROWN: Final = """
DROP TABLE IF EXISTS scale_places, scale_grown;
CREATE TEMPORARY TABLE scale_places AS
SELECT country_id, facility_id, place, count(*) OVER (PARTITION BY country_id) AS number
FROM (
    SELECT o.country_id, f.organisation_id AS facility_id,
        row_number() OVER (PARTITION BY o.country_id ORDER BY o.id) - 1 AS place
    FROM facilities_facility f JOIN facilities_organisation o ON o.id = f.organisation_id WHERE o.active
) one WHERE place < %(hospitals)s;
CREATE TEMPORARY TABLE scale_grown AS
WITH patterns AS (
    SELECT r.*, (r.over_at IS NOT NULL) AS is_over,
        row_number() OVER (PARTITION BY r.over_at IS NOT NULL ORDER BY r.id) - 1 AS place,
        count(*) OVER (PARTITION BY r.over_at IS NOT NULL) AS number_of_them
    FROM referrals_referral r WHERE r.number IS NULL OR substr(r.number, 4, 1) <> '9'
)
SELECT %(first)s + i AS n, gen_random_uuid() AS patient, gen_random_uuid() AS referral,
    r.id AS pattern, r.patient_id AS person,
    CASE WHEN r.number IS NOT NULL THEN r.directing_country_id || '-9' || (%(first)s + i) / 1000000 || '-'
        || lpad(((%(first)s + i) %% 1000000)::text, 6, '0') END AS number,
    floor(%(names)s * power(random(), 3))::int AS family, floor(400 * random())::int AS given,
    date_trunc('second', random() * CASE WHEN r.is_over THEN interval '1095 days' ELSE interval '30 days' END) AS ago,
    CASE WHEN i %% 10 < 4 THEN r.directing_facility_id ELSE home.facility_id END AS home,
    CASE WHEN i %% 10 < 4 OR r.host_facility_id IS NULL THEN r.host_facility_id ELSE host.facility_id END AS host
FROM generate_series(0, %(number)s - 1) i
JOIN patterns r ON r.is_over = (i %% 10 <> 0) AND r.place = (i / 10) %% r.number_of_them
JOIN scale_places home ON home.country_id = r.directing_country_id AND home.place = i / 11 %% home.number
LEFT JOIN scale_places host ON host.country_id = r.host_country_id AND host.place = i / 13 %% host.number;
"""
_PATIENTS: Final = """
INSERT INTO patients_patient SELECT (jsonb_populate_record(p, jsonb_build_object(
    'id', g.patient, 'family_name', 'Familia' || g.family, 'given_name', 'Imia' || g.given,
    'name_key', 'familia' || translate(g.family::text, '0123456789', 'abcdefghij'),
    'search_key', 'familia' || translate(g.family::text, '0123456789', 'abcdefghij') || ' imia'
        || translate(g.given::text, '0123456789', 'abcdefghij') || ' ~'
        || translate(g.family::text, '0123456789', 'aklmnprstf') || ' ~m'
        || translate(g.given::text, '0123456789', 'aklmnprstf'),
    'birth_date', CASE WHEN p.birth_date IS NULL THEN NULL ELSE date '1940-01-01' + g.n %% 25000 END,
    'birth_precision', 'day', 'deceased_on', NULL, 'merged_into_id', NULL, 'recorder_id', g.home,
    'phone_index', CASE WHEN p.phone_index = '' THEN '' ELSE 'scale.' || g.n END,
    'created_at', now() - g.ago, 'next_of_kin_phone', ''
))).* FROM patients_patient p JOIN scale_grown g ON g.person = p.id;
INSERT INTO patients_identifier (patient_id, system, country, value, value_index, warnings, created_at, recorder_id)
SELECT patient, 'passport', 'KZ', %(number)s, 'scale.' || n, '[]', now(), home FROM scale_grown;
UPDATE patients_identifier SET value_index = %(of_number)s WHERE value_index = 'scale.400';
UPDATE patients_patient SET phone_index = %(of_phone)s WHERE phone_index = 'scale.120';
INSERT INTO patients_registration (patient_id, facility_id, registered_at, ground, covers, how, given_by, reason,
    withdrawn_by_label)
SELECT patient, home, now() - ago, 'registered', '{}', '', '', '', '' FROM scale_grown;
"""
_REFERRALS: Final = """
INSERT INTO referrals_referral SELECT (jsonb_populate_record(r, jsonb_build_object(
    'id', g.referral, 'patient_id', g.patient, 'number', g.number,
    'directing_facility_id', g.home, 'host_facility_id', g.host,
    'needed_by', r.needed_by - extract(day FROM g.ago)::int,
    'state_since', r.state_since - g.ago, 'created_at', r.created_at - g.ago, 'updated_at', r.updated_at - g.ago,
    'submitted_at', r.submitted_at - g.ago, 'sent_at', r.sent_at - g.ago, 'over_at', r.over_at - g.ago,
    'host_reply_due_at', r.host_reply_due_at - g.ago
))).* FROM referrals_referral r JOIN scale_grown g ON g.pattern = r.id;
INSERT INTO referrals_authorisation SELECT (jsonb_populate_record(a, jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('referrals_authorisation', 'id')), 'referral_id', g.referral,
    'due_at', a.due_at - g.ago, 'appeal_due_at', a.appeal_due_at - g.ago
))).* FROM referrals_authorisation a JOIN scale_grown g ON g.pattern = a.referral_id;
"""
_RESULTS: Final = """
INSERT INTO referrals_ruleresult SELECT (jsonb_populate_record(t, jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('referrals_ruleresult', 'id')), 'check_run_id', own.id
))).*
FROM scale_grown g
CROSS JOIN LATERAL (
    SELECT id FROM referrals_eligibilitycheck WHERE referral_id = g.pattern ORDER BY id DESC LIMIT 1
) old
CROSS JOIN LATERAL (
    SELECT id FROM referrals_eligibilitycheck WHERE referral_id = g.referral ORDER BY id DESC LIMIT 1
) own
JOIN referrals_ruleresult t ON t.check_run_id = old.id;
"""
#: What is written down around a referral: two rows of the log, one of the ledger, two events and a message.
_AROUND: Final = """
INSERT INTO audit_auditrow (at, action, actor_kind, actor_id, actor_label, organisation_id, country, subject_type,
    subject_id, details, request_id, mac)
SELECT now() - g.ago, one.action, 'person', '1', 'Scale', g.home, r.directing_country_id, 'referrals.referral',
    g.referral::text, '{}', '', ''
FROM scale_grown g JOIN referrals_referral r ON r.id = g.referral,
    (VALUES ('referral.submit'), ('referral.draft')) one (action);
INSERT INTO disclosure_disclosure (at, what, actor_kind, actor_id, actor_label, organisation_id, country, purpose,
    basis, clinical, patients, countries, subject_type, subject_id, request_id)
SELECT now() - g.ago, 'referrals.case', 'person', '1', 'Scale', g.home, r.directing_country_id, 'care', '{own_patient}',
    true, ARRAY[g.patient], ARRAY[r.directing_country_id], 'referrals.referral', g.referral::text, ''
FROM scale_grown g JOIN referrals_referral r ON r.id = g.referral;
WITH happened AS (
    INSERT INTO outbox_event (kind, subject_type, subject_id, payload, actor_kind, actor_id, created_at)
    SELECT one.kind, 'referrals.referral', g.referral::text, '{}', 'person', '1', now() - g.ago
    FROM scale_grown g, (VALUES ('referral.submit'), ('referral.send')) one (kind)
    RETURNING id, kind, created_at
)
INSERT INTO outbox_message (id, event_id, kind, params, link, recipient, user_id, channel, address, language,
    needs_action, created_at, undelivered_reason)
SELECT gen_random_uuid(), h.id, known.kind, known.params, '', 'user:' || u.id, u.id, 'inbox', '', 'ru', false,
    h.created_at, ''
FROM happened h JOIN (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS number FROM accounts_user
) u ON u.place = h.id % u.number
CROSS JOIN (
    SELECT kind, params FROM outbox_message WHERE kind LIKE 'referral.%:%' ORDER BY created_at LIMIT 1
) known
WHERE h.kind = 'referral.send';
"""
#: What hangs on a referral, besides its authorisation.
_PARTS: Final = (EligibilityCheck, EvidenceItem, StatusChange, Appointment, DischargeSummary)


def _sealed() -> dict[str, str]:
    """What lies sealed: all have one number and only two can be found by theirs, as making the others costs hours."""
    return {
        "number": seal_text(NUMBER, "patients_identifier.value"),
        "of_number": blind.number_indexes("passport", NUMBER)[0],
        "of_phone": blind.phone_indexes(PHONE)[0],
    }


def grow(number: int, first: int = 0) -> None:
    """Make `number` more referrals in the caller's transaction; `first` of such are there already."""
    values: dict[str, Any] = {"number": number, "first": first, "hospitals": MOST_HOSPITALS, "names": NAMES}
    with connection.cursor() as cursor:
        # What triggers ask was planned when the tables were small, and holds for each of a million rows.
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL statement_timeout = 0")
        cursor.execute(_GROWN, values)
        cursor.execute("ANALYZE scale_grown")
        cursor.execute(_PATIENTS, _sealed())
        cursor.execute(_REFERRALS)
        for model in _PARTS:
            table = model._meta.db_table
            # No two patients may have one bed at once.
            own = ", 'place', left(t.place, 80) || ' ' || g.n" if model is Appointment else ""
            cursor.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object("  # noqa: S608  own names
                f"'id', nextval(pg_get_serial_sequence('{table}', 'id')), 'referral_id', g.referral{own}))).* "
                f"FROM {table} t JOIN scale_grown g ON g.pattern = t.referral_id"
            )
        cursor.execute("ANALYZE referrals_eligibilitycheck")
        cursor.execute(_RESULTS)
        cursor.execute(_AROUND)
        cursor.execute("ANALYZE")
