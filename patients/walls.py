"""Which patients the database shows: those registered at one's own facility, and those of a referral that one sees.

The same as `patients.access`, and beside it what hosts and ministries read of a referral's patient.
"""

from core.permissions import Permission
from core.walls.declared import Question, Rows, Table, country, having, organisation, reaching, told

_HERE = organisation(Permission.SEE_PATIENTS)
_DECIDES = country(Permission.DECIDE, Permission.COORDINATE, Permission.APPROVE)
_KEEPS = country(Permission.KEEP)
_WRITES = having([Permission.WRITE_PATIENTS], otherwise="false")


#: Whether somebody may see the patient of that key. The policy of referrals decides which these are.
_SHOWN = f"""SELECT EXISTS (SELECT 1 FROM patients_registration g WHERE g.patient_id = whom AND g.facility_id = {_HERE})
OR patients_referred(whom)"""


def of_patient(key: str) -> str:
    """The rows whose patient somebody may see. `key`: the column with the patient's key, with its table."""
    return f"patients_shown({key})"


#: Two records that are merged, or parted, by who sees both: what hangs on them goes along, whoever recorded it.
_MERGING = reaching("merge")
_BOTH = f"{_MERGING} AND {_WRITES}"
# Who sees a record sees what was merged into it.
_PATIENT = f"""{of_patient("patients_patient.id")}
OR (merged_into_id IS NOT NULL AND ({of_patient("patients_patient.merged_into_id")})) OR ({_BOTH})"""


def _goes_along(table: str) -> str:
    return f"{of_patient(f'{table}.patient_id')} OR ({_BOTH})"


_LOOKER = organisation(Permission.SEE_PATIENTS, Permission.HOST)
# The function's own question, which is the owner's: it has another policy for that.
_LOOKS = """current_user = (
    SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'patients_registration'::regclass
)"""
FUNCTIONS = {
    "patients_referred(whom uuid)": Question(
        "SELECT EXISTS (SELECT 1 FROM referrals_referral WHERE patient_id = whom)"
    ),
    "patients_shown(whom uuid)": Question(_SHOWN),
    # The other table's policy reads this one's: as a policy it would go round in a circle, too.
    "patients_recorded_by(whom uuid, facility bigint)": Question(
        "SELECT EXISTS (SELECT 1 FROM patients_patient WHERE id = whom AND recorder_id = facility)",
        sees_all=True,
    ),
    # As `of_patient` says it, which would go round in a circle here.
    "patients_registered_at(whom uuid, facility bigint)": Question(
        "SELECT EXISTS (SELECT 1 FROM patients_registration WHERE patient_id = whom AND facility_id = facility)",
        sees_all=True,
    ),
}

TABLES = {
    # A new patient is written before their registration.
    "patients_patient": Table(
        web="SIU",
        worker="SU",
        rows=Rows(read=f"{_PATIENT} OR {reaching('identity')}", add=_WRITES, change=_PATIENT),
    ),
    "patients_identifier": Table(
        web="SIUD",
        worker="S",
        rows=Rows(
            read=f"{_goes_along('patients_identifier')} OR {reaching('identity')}",
            add=_WRITES,
            change=_goes_along("patients_identifier"),
        ),
    ),
    # Which patient is known where, and on what ground: for those who know the patient. A policy that read its own table
    # would go round in a circle, so a function looks. Nobody can register a patient anywhere but at their own facility,
    # but for a merge, in which a record's facilities go along.
    "patients_registration": Table(
        web="SIU",
        worker="S",
        rows=Rows(
            read=f"""facility_id = {_HERE} OR {reaching("identity")} OR ({_BOTH})
OR CASE WHEN {_LOOKS} THEN false ELSE patients_registered_at(patient_id, {_HERE}) END
OR patients_referred(patient_id)""",
            add=f"facility_id = {_HERE} OR ({_BOTH})",
            # A consent to read another's record is taken back here, or at the facility whose record it is.
            change=f"facility_id = {_HERE} OR ({_BOTH}) OR patients_recorded_by(patient_id, {_HERE})",
        ),
    ),
    # Of a certificate that is checked, whether the consent behind it still stands.
    "patients_consent": Table(
        web="SIU",
        worker="S",
        rows=Rows(
            read=f"{_goes_along('patients_consent')} "
            f"OR ({reaching('consent_stands')} AND id::text = ANY({told('of')}::text[]))",
            add=_goes_along("patients_consent"),
            change=_goes_along("patients_consent"),
        ),
    ),
    "patients_coverage": Table(
        web="SIU", worker="S", rows=Rows(read=_goes_along("patients_coverage"), add=_WRITES)
    ),
    # What was stated at a facility stands beside the record, and nobody states anything in another's name.
    "patients_contactstatement": Table(
        web="SIU",
        worker="S",
        rows=Rows(read=_goes_along("patients_contactstatement"), add=f"recorder_id = {_HERE}"),
    ),
    # Nobody reads another facility's own number of a patient.
    "patients_recordnumber": Table(
        web="SIUD", worker="S", rows=Rows(read=f"facility_id = {_HERE} OR ({_BOTH})")
    ),
    # By which words each hospital, and whoever decides in its country, looks up; only triggers write them.
    "patients_searchword": Table(
        web="S",
        worker="S",
        rows=Rows(
            read=f"facility_id = {_LOOKER} OR (country_id = {_DECIDES} AND patients_referred(patient_id))"
        ),
    ),
    # Who sees the patient sees that nothing may be erased; a ministry places holds, and lifts its own.
    "patients_legalhold": Table(
        web="SIU",
        worker="S",
        rows=Rows(
            read=f"country_id = {_KEEPS} OR {_goes_along('patients_legalhold')} OR {reaching('identity')}",
            add=f"country_id = {_KEEPS}",
            change=f"country_id = {_KEEPS} OR ({_BOTH})",
        ),
    ),
    # To add one is to erase, which the worker alone does; who knew the patient is told that the record is gone.
    "patients_erasedrecord": Table(
        web="S",
        worker="SI",
        rows=Rows(read=f"facilities @> ARRAY[{_HERE}] OR countries @> ARRAY[{_KEEPS}]::varchar[]"),
    ),
    "patients_correction": Table(
        web="SI", worker="S", rows=Rows(read=_goes_along("patients_correction"), add=_WRITES)
    ),
    # Counts of organisations, accounts and clients; nothing of a patient.
    "patients_lookupbudget": Table(web="SIU", worker="S"),
    "patients_merge": Table(
        web="SIU",
        worker="S",
        rows=Rows(
            read=f"{of_patient('patients_merge.survivor_id')} OR {of_patient('patients_merge.merged_id')} OR ({_BOTH})",
            add=_BOTH,
            change=_BOTH,
        ),
    ),
}
