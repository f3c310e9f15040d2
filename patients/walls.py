"""Which patients the database shows: those registered at one's own facility, and those of a referral that one sees.

The same as `patients.access`, and beside it what hosts and ministries read of a referral's patient.
"""

from core.permissions import Permission
from core.walls.declared import Rows, Table, having, organisation, reaching

_HERE = organisation(Permission.SEE_PATIENTS)
_WRITES = having([Permission.WRITE_PATIENTS], otherwise="false")


def of_patient(key: str) -> str:
    """The rows whose patient somebody may see. `key`: the column with the patient's key, with its table."""
    registered = (
        f"SELECT 1 FROM patients_registration g WHERE g.patient_id = {key} AND g.facility_id = {_HERE}"
    )
    # The policy of referrals decides which these are.
    referred = f"SELECT 1 FROM referrals_referral r WHERE r.patient_id = {key}"
    return f"EXISTS ({registered}) OR EXISTS ({referred})"


_PATIENT = of_patient("patients_patient.id")

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
            read=f"{of_patient('patients_identifier.patient_id')} OR {reaching('identity')}",
            add=_WRITES,
            change=of_patient("patients_identifier.patient_id"),
        ),
    ),
    # Keys and no content: which patient is known where. The other tables' policies read it, so it has none itself
    # for reading; nobody can register a patient anywhere but at their own facility.
    "patients_registration": Table(
        web="SI", worker="S", rows=Rows(read="true", add=f"facility_id = {_HERE}", change="false")
    ),
    "patients_consent": Table(
        web="SIU", worker="S", rows=Rows(read=of_patient("patients_consent.patient_id"))
    ),
    "patients_coverage": Table(
        web="SIU", worker="S", rows=Rows(read=of_patient("patients_coverage.patient_id"), add=_WRITES)
    ),
}
