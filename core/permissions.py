"""Roles, permissions, and which role holds what: one table that reads as the specification."""

from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a person or a partner system is, within one organisation (domain: who does what)."""

    CLINICIAN = "clinician", _("Clinician")
    OFFICER = "officer", _("Ministry officer")
    COORDINATOR = "coordinator", _("Coordinator")
    APPROVER = "approver", _("Member of a body that approves")
    HOST_DESK = "host_desk", _("Host desk")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    PARTNER_SYSTEM = "partner_system", _("Partner system")


class Permission(models.TextChoices):
    """What may be done at all; on which object is for each app's `access` module to say."""

    SEE_DIRECTORY = "see_directory", _("Read the facility directory")
    SEE_PATIENTS = "see_patients", _("Find and read the facility’s patients")
    WRITE_PATIENTS = "write_patients", _("Register patients, record consent and coverage")
    MERGE_PATIENTS = "merge_patients", _("Merge two records of one person, and undo it")
    FILE_REFERRALS = "file_referrals", _("File referrals, answer questions, withdraw, close")
    DECIDE = "decide", _("Decide authorisations")
    APPROVE = "approve", _("Decide the stages of an authorisation that are with one’s own body")
    COORDINATE = "coordinate", _("Ask for information, re-route, cancel")
    HOST = "host", _("Accept, decline, schedule, admit, discharge")
    SEE_CLINICAL = "see_clinical", pgettext_lazy("permission", "Read clinical content")
    SEE_AUDIT = "see_audit", _("Read the audit log")
    ADMINISTER = "administer", _("Manage users, facilities and agreements")
    UNLOCK_LOOKUPS = "unlock_lookups", _("Unlock look-ups of patients that found nobody too often")
    KEEP = "keep", _("Decide how long data are kept, what is erased, and what must not be")


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLINICIAN: frozenset(
        {
            Permission.SEE_DIRECTORY,
            Permission.SEE_PATIENTS,
            Permission.WRITE_PATIENTS,
            Permission.MERGE_PATIENTS,
            Permission.FILE_REFERRALS,
            Permission.SEE_CLINICAL,
        }
    ),
    Role.OFFICER: frozenset(
        {
            Permission.SEE_DIRECTORY,
            Permission.DECIDE,
            Permission.COORDINATE,
            Permission.SEE_CLINICAL,
            Permission.UNLOCK_LOOKUPS,
            Permission.KEEP,
        }
    ),
    Role.COORDINATOR: frozenset({Permission.SEE_DIRECTORY, Permission.COORDINATE, Permission.SEE_CLINICAL}),
    # A fund or a commission in a chain: what reaches it, and nothing else of the country.
    Role.APPROVER: frozenset({Permission.SEE_DIRECTORY, Permission.APPROVE, Permission.SEE_CLINICAL}),
    Role.HOST_DESK: frozenset({Permission.SEE_DIRECTORY, Permission.HOST, Permission.SEE_CLINICAL}),
    Role.AUDITOR: frozenset({Permission.SEE_DIRECTORY, Permission.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset(
        {Permission.SEE_DIRECTORY, Permission.ADMINISTER, Permission.UNLOCK_LOOKUPS}
    ),
    # A hospital's own system does what its clinicians and its desk do; its token's scopes narrow this further.
    Role.PARTNER_SYSTEM: frozenset(
        {
            Permission.SEE_DIRECTORY,
            Permission.SEE_PATIENTS,
            Permission.WRITE_PATIENTS,
            Permission.MERGE_PATIENTS,
            Permission.FILE_REFERRALS,
            Permission.HOST,
            Permission.SEE_CLINICAL,
        }
    ),
}


@lru_cache(maxsize=256)
def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """The union of what the roles hold."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


#: What nobody gets by one person's word: deciding, reading clinical content, and giving others any of it.
TWO_PERSONS = frozenset(
    {
        Permission.DECIDE,
        Permission.APPROVE,
        Permission.SEE_CLINICAL,
        Permission.ADMINISTER,
        Permission.KEEP,
    }
)


def needs_second_person(role: Role) -> bool:
    """Whether a role takes effect only when another administrator has confirmed it."""
    return bool(ROLE_PERMISSIONS[role] & TWO_PERSONS)
