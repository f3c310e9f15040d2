"""The audit log's codes in words. A code that has none here is shown as it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from core.audit.models import AuditRow
from core.errors import Text
from referrals.events import BY_KIND

ACTIONS: Mapping[str, Text] = {
    **{kind: record.words for kind, record in BY_KIND.items()},
    "data.resealed": gettext_lazy("The encrypted data were brought under a new key"),
    "account.sign_in": pgettext_lazy("audit", "Signed in"),
    "account.sign_out": pgettext_lazy("audit", "Signed out"),
    "account.change_password": gettext_lazy("The password was changed"),
    "account.sign_in_failed": gettext_lazy(
        "Somebody could not sign in: the user name or the password was wrong"
    ),
    "account.sign_in_delayed": gettext_lazy("Somebody tried to sign in too often and had to wait"),
    "account.password_guess": gettext_lazy("The present password was wrong when a new one was to be set"),
    "account.second_factor": gettext_lazy("The second factor was shown"),
    "account.second_factor_failed": gettext_lazy("The code of the second step was wrong"),
    "account.second_factor_added": gettext_lazy("A second factor was added"),
    "account.second_factor_removed": gettext_lazy("A second factor was removed"),
    "account.second_factor_recovery_codes": gettext_lazy("New recovery codes were made"),
    "account.second_factor_recovery_used": gettext_lazy("A recovery code was used"),
    "account.second_factor_reset": gettext_lazy("Another person’s second factor was removed"),
    "account.sign_out_everywhere": gettext_lazy("Signed out everywhere"),
    "account.end_session": gettext_lazy("One place was signed out from another"),
    "refused.page": gettext_lazy("A page was refused"),
    "refused.api": gettext_lazy("A request to the API was refused"),
    "refused.token": gettext_lazy("A token that isn’t valid was refused"),
    "refused.token_request": gettext_lazy("A partner system was refused a token"),
    "account.choose_language": gettext_lazy("The language was chosen"),
    "account.create_superuser": gettext_lazy("An account with all rights was made from the command line"),
    "account.invite": gettext_lazy("A person was invited"),
    "account.link_sent": gettext_lazy("A link for a password was sent"),
    "account.password_set": gettext_lazy("A password was set by a link"),
    "account.email_changed": gettext_lazy("The e-mail address of an account was changed"),
    "account.close": gettext_lazy("An account was closed"),
    "account.open": gettext_lazy("An account was opened again"),
    "admin.add": gettext_lazy("A row was added in the administration"),
    "admin.change": gettext_lazy("A row was changed in the administration"),
    "admin.delete": gettext_lazy("A row was deleted in the administration"),
    "admin.action": gettext_lazy("Something was done to chosen rows in the administration"),
    "admin.write": gettext_lazy("Something was written in the administration"),
    "alert.sign": gettext_lazy("A public-health alert was signed"),
    "alert.end": gettext_lazy("A public-health alert was ended"),
    "facility.confirm": gettext_lazy("A facility’s data were confirmed"),
    "membership.ask": gettext_lazy("A role was asked for"),
    "membership.confirm": gettext_lazy("A role was confirmed by a second person"),
    "membership.refuse": gettext_lazy("A role was refused by a second person"),
    "membership.withdraw": gettext_lazy("A request for a role was withdrawn"),
    "membership.appoint": gettext_lazy("An administrator was appointed from the command line"),
    "facility.ask_to_confirm": gettext_lazy("A facility was asked to confirm its data"),
    "membership.grant": gettext_lazy("A role was given"),
    "membership.change": gettext_lazy("A role was changed"),
    "membership.end": gettext_lazy("A role was ended"),
    "signing_key.register": gettext_lazy("A ministry’s signing key was published"),
    "signing_key.retire": gettext_lazy("A ministry’s signing key was retired"),
    "signing_key.revoke": gettext_lazy("A ministry’s signing key was revoked"),
    "partner_client.ask": gettext_lazy("The operator asked for a partner system"),
    "partner_client.accept": gettext_lazy("A partner system was accepted"),
    "partner_client.create": gettext_lazy("A partner system was given access"),
    "partner_client.rotate": gettext_lazy("A partner system was given a new secret"),
    "account.choose_time_zone": gettext_lazy("A time zone was chosen"),
    "partner_client.revoke": gettext_lazy("A partner system’s access was revoked"),
    "partner_client.token": gettext_lazy("A partner system signed in"),
    "patient.registered": gettext_lazy("A patient was registered"),
    "patient.updated": gettext_lazy("A patient’s record was changed"),
    "patient.link_ended": gettext_lazy("A patient took back the consent to another facility’s record"),
    "patient.linked": gettext_lazy("A patient of another facility was registered"),
    "patient.link_refused": gettext_lazy("A patient of another facility was asked for in vain"),
    "patient.contact_stated": gettext_lazy(
        "A patient stated how to reach them, beside another facility’s record"
    ),
    "patient.withdrawal_stated": gettext_lazy("A patient took back a consent that another facility recorded"),
    "patient.lookups_locked": gettext_lazy("Look-ups that found nobody were locked"),
    "patient.lookups_unlocked": gettext_lazy("Locked look-ups were unlocked"),
    "patient.record_number": gettext_lazy("A facility’s own record number of a patient was changed"),
    "patient.identifier_added": gettext_lazy("A number was added to a patient’s record"),
    "patient.identifier_removed": gettext_lazy("A number was removed from a patient’s record"),
    "patient.consent_recorded": gettext_lazy("A consent was recorded"),
    "patient.consent_withdrawn": gettext_lazy("A consent was withdrawn"),
    "patient.coverage_recorded": gettext_lazy("Coverage was recorded"),
    "patient.coverage_corrected": gettext_lazy("Coverage was corrected"),
    "patient.statement_given": gettext_lazy("A patient was given the statement of who was shown their data"),
    "patient.exported": gettext_lazy("A patient was given everything that is held on them"),
    "patient.erasure_asked": gettext_lazy("A patient asked for their data to be erased"),
    "patient.erasure_due": gettext_lazy("A period for keeping a patient’s data was over"),
    "patient.erasure_decided": gettext_lazy("The erasure of a patient’s data was decided"),
    "patient.erased": gettext_lazy("Data of a patient were erased"),
    "patient.hold_placed": gettext_lazy("A legal hold was placed on a patient’s data"),
    "patient.hold_lifted": gettext_lazy("A legal hold on a patient’s data was lifted"),
    "retention.proposed": gettext_lazy("Another period for keeping data was proposed"),
    "retention.approved": gettext_lazy("A period for keeping data was approved by a second person"),
    "retention.withdrawn": gettext_lazy("A proposal of a period for keeping data was withdrawn"),
    "patient.death": gettext_lazy("A patient’s death was recorded"),
    "patient.death_stated": gettext_lazy("A host hospital recorded a patient’s death"),
    "patient.death_confirmed": gettext_lazy("A patient’s death was confirmed"),
    "patient.death_corrected": gettext_lazy("A death that was recorded by mistake was corrected"),
    "patient.merged": gettext_lazy("Two records of one patient were merged"),
    "patient.merge_undone": gettext_lazy("A merge of two patients’ records was undone"),
    "referral.patient_merged": gettext_lazy("A referral went to another record of its patient"),
    "agreement.draft": gettext_lazy("A new version of an agreement was begun"),
    "agreement.change": gettext_lazy("A draft of an agreement’s version was changed"),
    "agreement.discard": gettext_lazy("A draft of an agreement’s version was discarded"),
    "agreement.hand_over": gettext_lazy("A version of an agreement was given to a second person"),
    "agreement.send_back": gettext_lazy("A version of an agreement was made a draft again"),
    "agreement.approve": gettext_lazy("A version of an agreement was approved"),
    "reference.load": gettext_lazy("The reference data were loaded"),
    "reference.add": gettext_lazy("A row of the reference data was added"),
    "reference.change": gettext_lazy("A row of the reference data was changed"),
    "reference.restore": gettext_lazy("Rows of the reference data were restored"),
    "referral.record_number": gettext_lazy("A facility’s own record number of a referral was changed"),
    "referral.start_draft": gettext_lazy("A draft was begun"),
    "referral.save_draft": gettext_lazy("A draft was saved"),
    "demo.loaded": gettext_lazy("The demonstration’s data were loaded"),
    "demo.surroundings": gettext_lazy("Licences, equipment and alerts of the demonstration were written"),
    "demo.service_confirmed": gettext_lazy("A service was confirmed for the demonstration"),
}
SUBJECTS: Mapping[str, Text] = {
    "accounts.user": pgettext_lazy("audit", "account"),
    "facilities.facility": pgettext_lazy("audit", "facility"),
    "facilities.facilityservice": pgettext_lazy("audit", "service of a facility"),
    "facilities.membership": pgettext_lazy("audit", "role"),
    "facilities.rolerequest": pgettext_lazy("audit", "request for a role"),
    "facilities.organisation": pgettext_lazy("audit", "organisation"),
    "facilities.partnerclient": pgettext_lazy("audit", "partner system"),
    "patients.patient": pgettext_lazy("audit", "patient"),
    "patients.lookupbudget": pgettext_lazy("audit", "look-ups"),
    "referrals.referral": pgettext_lazy("audit", "referral"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the log as the page shows it. `details` are pairs of codes."""

    row: AuditRow
    action: str
    who: str
    kind: str
    subject: str
    said: list[str]
    details: list[tuple[str, str]]


def lines(rows: list[AuditRow]) -> list[Line]:
    """The rows in words."""
    return [_line(row) for row in rows]


def codes_of(words: str) -> list[str]:
    """The actions whose words, in the active language, or whose codes hold the text."""
    wanted = words.strip().casefold()
    return [
        code
        for code, text in ACTIONS.items()
        if wanted and (wanted in str(text).casefold() or wanted in code)
    ]


def subjects_of(text: str, referrals: Iterable[UUID]) -> list[tuple[str, str]]:
    """What a text names: those referrals, else anything that has it as its key. Pairs of kind and key."""
    if found := [("referrals.referral", str(key)) for key in referrals]:
        return found
    key = text.strip().lower()
    return [(kind, key) for kind in SUBJECTS] if key and " " not in key else []


def _line(row: AuditRow) -> Line:
    return Line(
        row=row,
        action=str(ACTIONS.get(row.action, "")),
        who=_who(row),
        kind=_kind(row),
        subject=str(SUBJECTS.get(row.subject_type, row.subject_type)),
        said=list(_said(row.details)),
        details=[
            (name, _value(value))
            for name, value in row.details.items()
            if value not in ("", [], None) and name not in {"address", "times", "minute"}
        ],
    )


def _who(row: AuditRow) -> str:
    if row.actor_kind == "system":
        return _("The portal")
    return row.actor_label if row.actor_id else _("Somebody who isn’t known")


def _said(details: Mapping[str, Any]) -> Iterator[str]:
    """What a refusal's row says, as sentences."""
    if address := details.get("address"):
        yield _("From the address %(address)s.") % {"address": address}
    if times := details.get("times"):
        yield ngettext(
            "%(count)s more time within the same minute.",
            "%(count)s more times within the same minute.",
            times,
        ) % {"count": times}


def _kind(row: AuditRow) -> str:
    """What kind of actor it was, where the name doesn't say it."""
    kinds = {"person": pgettext("actor", "person"), "client": pgettext("actor", "partner system")}
    return kinds.get(row.actor_kind, "") if row.actor_id else ""


def _value(value: Any) -> str:
    """A code, several of them with commas between, or the pairs of a table."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
