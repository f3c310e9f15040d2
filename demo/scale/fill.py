"""Many referrals quickly: copies of those that are there, made by the database itself.

A copy keeps its pattern's state and all that belongs to it, and has a patient, a number and moments of its own. Nine of
ten are copies of what is over, spread over three years; the others began in the last month. Four of ten stay at their
pattern's hospitals, which so become large ones; the others go round the hospitals of the same country.

No row leaves the server, which is quicker than COPY. Triggers are out of the way meanwhile: what they keep is written
as they would write it (`tests/integration/test_plans.py` compares). A superuser leaves out the checks of foreign keys
too, and makes the indexes anew behind many rows.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from core.sealed.box import seal_text
from patients import blind

MOST_HOSPITALS: Final = 200
NAMES: Final = 5000
NUMBER, PHONE = "N10000400", "+77050000120"
"""By what two of the patients are found."""
_MANY: Final = 50_000
"""From so many on, making indexes anew is quicker than keeping them."""

_SPREAD: Final = """
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
        count(*) OVER (PARTITION BY r.over_at IS NOT NULL) AS number_of_them,
        (SELECT max(c.id) FROM referrals_eligibilitycheck c WHERE c.referral_id = r.id) AS newest
    FROM referrals_referral r JOIN patients_patient p ON p.id = r.patient_id
    WHERE p.name_key NOT LIKE 'familia_%%'  -- no copies of copies
)
SELECT %(first)s + i AS n, gen_random_uuid() AS patient, gen_random_uuid() AS referral,
    r.id AS pattern, r.patient_id AS person, r.consent_id AS given, r.newest AS found,
    CASE WHEN r.consent_id IS NOT NULL
        THEN nextval(pg_get_serial_sequence('patients_consent', 'id')) END AS consent,
    CASE WHEN r.newest IS NOT NULL
        THEN nextval(pg_get_serial_sequence('referrals_eligibilitycheck', 'id')) END AS newest,
    CASE WHEN r.number IS NOT NULL THEN r.directing_country_id || '-9' || (%(first)s + i) / 1000000 || '-'
        || lpad(((%(first)s + i) %% 1000000)::text, 6, '0') END AS number,
    floor(%(names)s * power(random(), 3))::int AS family, floor(400 * random())::int AS first_name,
    CASE WHEN r.is_over THEN floor(1095 * random())::int ELSE floor(30 * random())::int END AS days,
    make_interval(secs => 600 * random()) AS rest,
    CASE WHEN i %% 10 < 4 THEN r.directing_facility_id ELSE home.facility_id END AS home,
    CASE WHEN i %% 10 < 4 OR r.host_facility_id IS NULL THEN r.host_facility_id ELSE host.facility_id END AS host,
    r.directing_country_id AS home_country, r.host_country_id AS host_country, r.sent_at IS NOT NULL AS sent
FROM generate_series(0, %(number)s - 1) i
JOIN patterns r ON r.is_over = (i %% 10 <> 0) AND r.place = (i / 10) %% r.number_of_them
JOIN scale_places home ON home.country_id = r.directing_country_id AND home.place = i / 11 %% home.number
LEFT JOIN scale_places host ON host.country_id = r.host_country_id AND host.place = i / 13 %% host.number;
ANALYZE scale_grown;
"""
# Of one length, so that a name isn't the beginning of another one.
_LETTERS: Final = "translate(lpad(g.{}::text, 4, '0'), '0123456789', 'abcdefghij')"
_SOUNDS: Final = "translate(lpad(g.{}::text, 4, '0'), '0123456789', 'aklmnprstf')"
#: The words of a name as `patients.names` makes them: both, and behind a mark what they sound like.
_NAME: Final = (
    f"'familia' || {_LETTERS.format('family')} || ' imia' || {_LETTERS.format('first_name')} "
    f"|| ' ~' || {_SOUNDS.format('family')} || ' ~m' || {_SOUNDS.format('first_name')}"
)
#: What is copied: table, from which rows, and what a copy has of its own. Every moment and day lies earlier besides.
_COPIES: Final[tuple[tuple[str, str, Mapping[str, str]], ...]] = (
    (
        "patients_patient",
        "t.id = g.person",
        {
            "id": "g.patient",
            "family_name": f"'Familia' || {_LETTERS.format('family')}",
            "given_name": f"'Imia' || {_LETTERS.format('first_name')}",
            "name_key": f"'familia' || {_LETTERS.format('family')}",
            "search_key": _NAME,
            "birth_date": "CASE WHEN t.birth_date IS NULL THEN NULL ELSE date '1940-01-01' + g.n %% 25000 END",
            "birth_precision": "'day'",
            "deceased_on": "NULL",
            "merged_into_id": "NULL",
            "death_confirmer_id": "NULL",
            "recorder_id": "g.home",
            "next_of_kin_phone": "''",
            "phone_index": "CASE WHEN t.phone_index = '' THEN '' WHEN g.n = 120 THEN %(of_phone)s "
            "ELSE 'scale.' || g.n END",
        },
    ),
    (
        "patients_consent",
        "t.id = g.given",
        {"id": "g.consent", "patient_id": "g.patient", "recorder_id": "g.home", "supersedes_id": "NULL"},
    ),
    (
        "patients_coverage",
        "t.patient_id = g.person AND t.beside_id IS NULL AND t.replaces_id IS NULL",
        {
            "patient_id": "g.patient",
            "recorder_id": "g.home",
        },
    ),
    (
        "referrals_referral",
        "t.id = g.pattern",
        {
            "id": "g.referral",
            "patient_id": "g.patient",
            "consent_id": "g.consent",
            "number": "g.number",
            "directing_facility_id": "g.home",
            "host_facility_id": "g.host",
            # Whoever has no such limit has the first moment of all.
            "appeal_until": "CASE WHEN t.appeal_until = 'epoch' THEN t.appeal_until ELSE {moved} END",
        },
    ),
    ("referrals_eligibilitycheck", "t.id = g.found", {"id": "g.newest", "referral_id": "g.referral"}),
    ("referrals_ruleresult", "t.check_run_id = g.found", {"check_run_id": "g.newest"}),
    *(
        (table, "t.referral_id = g.pattern", {"referral_id": "g.referral"})
        for table in (
            "referrals_authorisation",
            "referrals_evidenceitem",
            "referrals_statuschange",
            "referrals_dischargesummary",
            "referrals_formerhost",
        )
    ),
    # No two patients may have one bed at once.
    (
        "referrals_appointment",
        "t.referral_id = g.pattern",
        {"referral_id": "g.referral", "place": "left(t.place, 80) || ' ' || g.n"},
    ),
)
#: What is written down around a referral: number and registration, words, two rows of the log, one of the ledger, two
#: events, a message, and what partners' systems follow.
_AROUND: Final = f"""
INSERT INTO patients_identifier (patient_id, system, country, value, value_index, warnings, created_at, recorder_id)
SELECT patient, 'passport', 'KZ', %(number_sealed)s, CASE n WHEN 400 THEN %(of_number)s ELSE 'scale.' || n END, '[]',
    now(), home FROM scale_grown;
INSERT INTO patients_registration (patient_id, facility_id, registered_at, ground, covers, how, given_by, reason,
    withdrawn_by_label)
SELECT patient, home, now() - make_interval(days => days) + rest, 'registered', '{{}}', '', '', '', '' FROM scale_grown;
INSERT INTO patients_searchword (facility_id, country_id, patient_id, word)
SELECT DISTINCT at.facility, at.country, g.patient, w.word
FROM scale_grown g
CROSS JOIN LATERAL (
    VALUES (g.home, g.home_country, true), (g.host, g.host_country, g.sent)
) at (facility, country, known)
CROSS JOIN LATERAL unnest(string_to_array({_NAME}, ' ') || ARRAY['']::text[]) w (word)
WHERE at.known AND at.facility IS NOT NULL;
INSERT INTO audit_auditrow (at, action, actor_kind, actor_id, actor_label, organisation_id, country, subject_type,
    subject_id, details, request_id, mac)
SELECT now() - make_interval(days => g.days) + g.rest, one.action, 'person', '1', 'Scale', g.home, g.home_country,
    'referrals.referral', g.referral::text, '{{}}', '', ''
FROM scale_grown g, (VALUES ('referral.submit'), ('referral.draft')) one (action);
INSERT INTO disclosure_disclosure (at, what, actor_kind, actor_id, actor_label, organisation_id, country, purpose,
    basis, clinical, patients, countries, subject_type, subject_id, request_id)
SELECT now() - make_interval(days => g.days) + g.rest, 'referrals.case', 'person', '1', 'Scale', g.home, g.home_country,
    'care', '{{own_patient}}', true, ARRAY[g.patient], ARRAY[g.home_country], 'referrals.referral', g.referral::text, ''
FROM scale_grown g;
WITH happened AS (
    INSERT INTO outbox_event (kind, subject_type, subject_id, payload, actor_kind, actor_id, created_at)
    SELECT one.kind, 'referrals.referral', g.referral::text, '{{}}', 'person', '1',
        now() - make_interval(days => g.days) + g.rest
    FROM scale_grown g, (VALUES ('referral.submit'), ('referral.send')) one (kind)
    RETURNING id, kind, created_at
)
INSERT INTO outbox_message (id, event_id, kind, params, link, recipient, user_id, channel, address, language,
    needs_action, created_at, undelivered_reason)
SELECT gen_random_uuid(), h.id, known.kind, known.params, '', 'user:' || u.id, u.id, 'inbox', '', 'ru', false,
    h.created_at, ''
FROM happened h JOIN (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS number FROM accounts_user
) u ON u.place = h.id %% u.number
CROSS JOIN (
    SELECT kind, params FROM outbox_message WHERE kind LIKE 'referral.%%:%%' ORDER BY created_at LIMIT 1
) known
WHERE h.kind = 'referral.send';
WITH entries AS (
    INSERT INTO feed_entry (number, mark, type, kind, subject_id, at)
    SELECT (SELECT coalesce(max(number), 0) FROM feed_entry) + row_number() OVER (ORDER BY g.n), g.n, known.type,
        known.kind, g.referral::text, now()
    FROM scale_grown g CROSS JOIN (SELECT type, kind FROM feed_entry WHERE kind = 'referral' LIMIT 1) known
    RETURNING number, subject_id
)
INSERT INTO feed_reader (party, number)
SELECT at.party, e.number FROM entries e JOIN scale_grown g ON g.referral::text = e.subject_id
CROSS JOIN LATERAL (VALUES ('directing:' || g.home), ('host:' || g.host)) at (party) WHERE at.party IS NOT NULL;
"""  # noqa: S608  names of the portal's own
_MADE: Final = (
    "patients_identifier",
    "patients_registration",
    "patients_searchword",
    "audit_auditrow",
    "disclosure_disclosure",
    "outbox_event",
    "outbox_message",
    "feed_entry",
    "feed_reader",
)
FILLED: Final = (*(table for table, _rows, _own in _COPIES), *_MADE)
"""The tables that grow."""
_COLUMNS: Final = """
SELECT attname, atttypid::regtype::text FROM pg_attribute
WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
_EARLIER: Final = {
    "timestamp with time zone": "t.{0} - make_interval(days => g.days) + g.rest",
    "date": "t.{0} - g.days",
    "tstzrange": "tstzrange(lower(t.{0}) - make_interval(days => g.days), "
    "upper(t.{0}) - make_interval(days => g.days), '[)')",
}
# Those of constraints stay.
_INDEXES: Final = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
"""


def grow(cursor: Any, number: int, first: int = 0) -> None:
    """Make `number` more referrals in the cursor's transaction; `first` of such are there already.

    The cursor's login owns the tables, and may see all rows.
    """
    values: dict[str, Any] = {"number": number, "first": first, "hospitals": MOST_HOSPITALS, "names": NAMES}
    values |= _sealed()
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    (free,) = cursor.fetchone()
    cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'")
    with _without_triggers(cursor, free), _without_indexes(cursor, free and number >= _MANY):
        cursor.execute(_SPREAD, values)
        for table, rows, own in _COPIES:
            cursor.execute(_copying(cursor, table, rows, own), values)
        cursor.execute(_AROUND, values)
    cursor.execute("ANALYZE " + ", ".join(FILLED))


def _sealed() -> dict[str, str]:
    """What lies sealed: all have one number and only two can be found by theirs, as making the others costs hours."""
    return {
        "number_sealed": seal_text(NUMBER, "patients_identifier.value"),
        "of_number": blind.number_indexes("passport", NUMBER)[0],
        "of_phone": blind.phone_indexes(PHONE)[0],
    }


def _copying(cursor: Any, table: str, rows: str, own: Mapping[str, str]) -> str:
    cursor.execute(_COLUMNS, {"table": table})
    columns = {name: kind for name, kind in cursor.fetchall() if name != "id" or "id" in own}
    values = []
    for name, kind in columns.items():
        moved = _EARLIER.get(kind, "t.{0}").format(f'"{name}"')
        values.append(own[name].replace("{moved}", moved) if name in own else moved)
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} "  # noqa: S608  names of the portal's own
        f"FROM scale_grown g JOIN {table} t ON {rows}"
    )


@contextmanager
def _without_triggers(cursor: Any, free: bool) -> Iterator[None]:
    if free:
        cursor.execute("SET LOCAL session_replication_role = replica")
    else:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("; ".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in FILLED))
    yield
    if free:
        cursor.execute("SET LOCAL session_replication_role = origin")
    else:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("; ".join(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in FILLED))


@contextmanager
def _without_indexes(cursor: Any, many: bool) -> Iterator[None]:
    if not many:
        yield
        return
    cursor.execute(_INDEXES, {"tables": list(FILLED)})
    indexes = cursor.fetchall()
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    cursor.execute("DROP INDEX " + ", ".join(name for name, _made in indexes))
    yield
    for _name, made in indexes:
        cursor.execute(made)
