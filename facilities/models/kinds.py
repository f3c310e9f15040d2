from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FacilityType(models.TextChoices):
    NATIONAL_CENTER = "national_center", _("National centre")
    REGIONAL_HOSPITAL = "regional_hospital", _("Regional hospital")
    CITY_HOSPITAL = "city_hospital", _("City hospital")
    DISTRICT_HOSPITAL = "district_hospital", _("District hospital")
    EMERGENCY_HOSPITAL = "emergency_hospital", _("Emergency hospital")
    SPECIALISED_CENTER = "specialised_center", _("Specialised centre")
    SPECIALISED_CLINIC = "specialised_clinic", _("Specialised clinic")
    POLYCLINIC = "polyclinic", _("Polyclinic")
    FAMILY_MEDICINE_CENTER = "family_medicine_center", _("Family medicine centre")
    BLOOD_CENTER = "blood_center", _("Blood centre")
    FAP = "fap", _("Feldsher-midwife post")
    FAMILY_DOCTOR_POINT = "family_doctor_point", _("Group of family doctors")
    MEDICAL_POST = "medical_post", _("Medical post")
    GENERAL_PRACTICE_CENTRE = "general_practice_centre", _("General practice centre with beds")
    HOSPITAL_BRANCH = "hospital_branch", _("Branch of a hospital")
    TRAUMA_CENTRE = "trauma_centre", _("Centre for severe injuries")
    EMERGENCY_CENTRE_BRANCH = "emergency_centre_branch", _("Regional branch of the emergency centre")
    AMBULANCE_STATION = "ambulance_station", _("Ambulance station")


class FacilityRole(models.TextChoices):
    """What a facility may do in a referral."""

    ORIGIN = "origin", pgettext_lazy("facility", "Sends patients only")
    HOST = "host", pgettext_lazy("facility", "Receives patients only")
    BOTH = "both", pgettext_lazy("facility", "Sends and receives patients")
    NONE = "none", pgettext_lazy("facility", "Neither sends nor receives patients")


class ListingStatus(models.TextChoices):
    """What the list that names the facility says of it."""

    LISTED = "listed", _("Listed, not confirmed")
    OLDER_LIST = "older_list", _("Only in an older list, not confirmed")
    UNDER_CONSTRUCTION = "under_construction", _("Under construction")


#: Roles of a facility that may receive a referral.
HOST_ROLES = (FacilityRole.HOST, FacilityRole.BOTH)


class CareLevel(models.TextChoices):
    PRIMARY = "primary", _("Primary care")
    SECONDARY = "secondary", _("Secondary care")
    SECONDARY_TERTIARY = "secondary/tertiary", _("Secondary and tertiary care")
    TERTIARY = "tertiary", _("Tertiary care")
    SUPPORT = "support", _("Support service")
