"""The facilities app's tables, one file for each family of them."""

from facilities.models.alerts import ALERT_FACTS, Measure, PublicHealthAlert
from facilities.models.calendars import CalendarDay
from facilities.models.codes import Icd10, Specialty
from facilities.models.confirmation import ConfirmationRequest, FacilityConfirmation
from facilities.models.crossings import CrossingHours
from facilities.models.equipment import EquipmentKind, FacilityEquipment
from facilities.models.kinds import CareLevel, FacilityRole, FacilityType, ListingStatus
from facilities.models.organisations import Facility, Organisation
from facilities.models.people import Membership, PartnerClient, RoleRequest
from facilities.models.places import AdminUnit, BorderCrossing, Country, DistrictAdjacency
from facilities.models.reference import ReferenceRow
from facilities.models.services import FacilityService, ServiceBasis

__all__ = [
    "ALERT_FACTS",
    "AdminUnit",
    "BorderCrossing",
    "CalendarDay",
    "CareLevel",
    "ConfirmationRequest",
    "Country",
    "CrossingHours",
    "DistrictAdjacency",
    "EquipmentKind",
    "Facility",
    "FacilityConfirmation",
    "FacilityEquipment",
    "FacilityRole",
    "FacilityService",
    "FacilityType",
    "Icd10",
    "ListingStatus",
    "Measure",
    "Membership",
    "Organisation",
    "PartnerClient",
    "PublicHealthAlert",
    "ReferenceRow",
    "RoleRequest",
    "ServiceBasis",
    "Specialty",
]
