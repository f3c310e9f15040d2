"""What the database lets the portal do with places, organisations and people: nothing of it is a patient's."""

from core.walls.declared import Table

# Kept by the administration; the reference files are loaded by the owner.
_REFERENCE = Table(web="SIUD", worker="S")

TABLES = {
    "facilities_adminunit": _REFERENCE,
    "facilities_bordercrossing": _REFERENCE,
    "facilities_country": Table(web="SIUD", worker="SU"),  # locked by the beat while it seeds
    "facilities_crossinghours": _REFERENCE,
    "facilities_districtadjacency": _REFERENCE,
    "facilities_facility": _REFERENCE,
    "facilities_facilityservice": _REFERENCE,
    "facilities_icd10": _REFERENCE,
    "facilities_organisation": _REFERENCE,
    "facilities_specialty": _REFERENCE,
    # Ended by who declared or signed it, never deleted.
    "facilities_facilityequipment": Table(web="SIU", worker="S"),
    "facilities_publichealthalert": Table(web="SIU", worker="S"),
    # The beat seeds the days off of the years ahead.
    "facilities_calendarday": Table(web="SIUD", worker="SIUD"),
    "facilities_confirmationrequest": Table(web="SIU", worker="S"),
    "facilities_facilityconfirmation": Table(web="SI", worker="S"),
    "facilities_membership": Table(web="SIUD", worker="S"),
    "facilities_rolerequest": Table(web="SIU", worker="S"),
    "facilities_partnerclient": Table(web="SIUD", worker="S"),
}
