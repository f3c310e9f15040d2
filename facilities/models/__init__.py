"""The facilities app's tables, one file for each family of them."""

from facilities.models.codes import Icd10, Specialty
from facilities.models.organisations import (
    CareLevel,
    Facility,
    FacilityService,
    FacilityType,
    Organisation,
    ServiceBasis,
)
from facilities.models.people import Membership, PartnerClient
from facilities.models.places import AdminUnit, BorderCrossing, Country, DistrictAdjacency
from facilities.models.reference import ReferenceRow

__all__ = [
    "AdminUnit",
    "BorderCrossing",
    "CareLevel",
    "Country",
    "DistrictAdjacency",
    "Facility",
    "FacilityService",
    "FacilityType",
    "Icd10",
    "Membership",
    "Organisation",
    "PartnerClient",
    "ReferenceRow",
    "ServiceBasis",
    "Specialty",
]
