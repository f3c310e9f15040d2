"""The tables of the framework, of its libraries and of the floor."""

from core.permissions import Permission
from core.walls.declared import Rows, Table, country, having, told

_OPERATOR = f"{having([Permission.ADMINISTER])} AND {told('country')} IS NULL"
# An auditor reads what concerns their country, and what concerns none; the operator's administrator reads the whole
# log. What somebody does is written whoever they are.
_AUDITOR = country(Permission.SEE_AUDIT)
AUDITED = Rows(
    read=f"country = {_AUDITOR} OR (country = '' AND {_AUDITOR} <> '') OR ({_OPERATOR})", add="true"
)

TABLES = {
    "django_migrations": Table(web="S", worker="S"),
    "django_content_type": Table(web="S", worker="S"),
    "django_admin_log": Table(web="SI"),
    "auth_permission": Table(web="S"),
    "auth_group": Table(web="SIUD"),
    "auth_group_permissions": Table(web="SIUD"),
    # The worker clears what has expired.
    "oauth2_provider_accesstoken": Table(web="SIUD", worker="SUD"),
    "oauth2_provider_devicegrant": Table(web="SIUD", worker="SUD"),
    "oauth2_provider_grant": Table(web="SIUD", worker="SUD"),
    "oauth2_provider_idtoken": Table(web="SIUD", worker="SUD"),
    "oauth2_provider_refreshtoken": Table(web="SIUD", worker="SUD"),
    "accounts_user": Table(web="SIUD", worker="S"),
    # Sign-in: attempts, sessions, second steps, passwords that were.
    "accounts_attempt": Table(web="SIUD", worker="SD"),
    "accounts_authenticator": Table(web="SIUD"),
    "accounts_passwordlink": Table(web="SIU", worker="S"),
    "accounts_pastpassword": Table(web="SIUD"),
    "accounts_recoverycode": Table(web="SIUD"),
    "accounts_session": Table(web="SIUD", worker="SD"),
    "django_otp_webauthn_webauthnattestation": Table(web="SIUD"),
    "django_otp_webauthn_webauthncredential": Table(web="SIUD"),
    "django_otp_webauthn_webauthnuserhandle": Table(web="SIUD"),
    "accounts_user_groups": Table(web="SIUD"),
    "accounts_user_user_permissions": Table(web="SIUD"),
    "api_storedanswer": Table(web="SIUD", worker="SD"),
    "api_requestcount": Table(web="SIUD", worker="SD"),
    "kept_kepttext": Table(web="SIUD", worker="SD"),
    # Which keys are in use, by their ids.
    "sealed_sealedkey": Table(web="S", worker="S"),
    "audit_auditrow": Table(web="SI", worker="SI", rows=AUDITED),
    "audit_refusalcount": Table(web="SIUD", worker="SIUD"),
    "audit_auditseal": Table(web="S", worker="SI"),
    "audit_audithead": Table(web="S", worker="SI"),
    # No names and no content, but who may be told; whoever reads gives numbers to what waits.
    "feed_waiting": Table(web="SID", worker="SID"),
    "feed_entry": Table(web="SI", worker="SID"),
    "feed_reader": Table(web="SI", worker="SID"),
    "outbox_event": Table(web="SI", worker="SI"),
    "outbox_job": Table(web="SIU", worker="SIU"),
    "outbox_message": Table(web="SIUD", worker="SIUD"),
}
