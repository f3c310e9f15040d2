"""How the words are kept by which a patient is looked up: by the database, whoever writes and whenever.

For every hospital that knows the patient, so also in rows that whoever changes a name doesn't see: no login of the
portal may write them.
"""

import pgtrigger

from core.walls.triggers import AsOwner

# The empty word stands for everybody, so that a patient who has no name yet is found by the name that comes.
_WORDS = "SELECT DISTINCT unnest(string_to_array(p.search_key, ' ') || ARRAY['']::text[]) AS word"


def words_at(facility: str, patient: str) -> str:
    """The statement that lets a facility look a patient up; both are SQL for a key."""
    return f"""
INSERT INTO patients_searchword (facility_id, country_id, patient_id, word)
SELECT o.id, o.country_id, p.id, w.word
FROM patients_patient p CROSS JOIN LATERAL ({_WORDS}) w, facilities_organisation o
WHERE p.id = {patient} AND o.id = {facility}
ON CONFLICT (facility_id, word, patient_id) DO NOTHING;
"""  # noqa: S608  the arguments are this code's own


def words_of_a_registration() -> AsOwner:
    """A facility that knows a patient looks them up by name."""
    return AsOwner(
        name="registration_words",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("patient_id", "facility_id"),
        func=words_at("NEW.facility_id", "NEW.patient_id"),
    )


def words_of_a_renamed_patient() -> AsOwner:
    """Wherever a patient can be looked up, it is by what the name says now."""
    return AsOwner(
        name="patient_words",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("search_key"),
        condition=pgtrigger.Q(old__search_key__df=pgtrigger.F("new__search_key")),
        func="""
INSERT INTO patients_searchword (facility_id, country_id, patient_id, word)
SELECT known.facility_id, known.country_id, NEW.id, w.word
FROM patients_searchword known,
    (SELECT DISTINCT unnest(string_to_array(NEW.search_key, ' ')) AS word) w
WHERE known.patient_id = NEW.id AND known.word = ''
ON CONFLICT (facility_id, word, patient_id) DO NOTHING;
DELETE FROM patients_searchword
WHERE patient_id = NEW.id AND word <> ALL (string_to_array(NEW.search_key, ' ') || ARRAY['']::text[]);
""",
    )
