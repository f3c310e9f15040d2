"""The tables of the framework, of its libraries and of the floor."""

from core.permissions import Permission
from core.walls.declared import Rows, Table, country, having, told

_OPERATOR = f"{having([Permission.ADMINISTER])} AND {told('country')} IS NULL"
# An auditor reads what concerns their country, the operator's administrator the whole log. What somebody does is
# written whoever they are.
AUDITED = Rows(read=f"country = {country(Permission.SEE_AUDIT)} OR ({_OPERATOR})", add="true")

TABLES = {
    "django_migrations": Table(web="S", worker="S"),
    "django_content_type": Table(web="S", worker="S"),
    "django_session": Table(web="SIUD"),
    "django_admin_log": Table(web="SI"),
    "auth_permission": Table(web="S"),
    "auth_group": Table(web="SIUD"),
    "auth_group_permissions": Table(web="SIUD"),
    "axes_accessattempt": Table(web="SIUD"),
    "axes_accessattemptexpiration": Table(web="SIUD"),
    "axes_accessfailurelog": Table(web="SIUD"),
    "axes_accesslog": Table(web="SIUD"),
    # The worker clears what has expired.
    "oauth2_provider_accesstoken": Table(web="SIUD", worker="SUD"),
    "oauth2_provider_devicegrant": Table(web="SIUD", worker="SUD"),
    "oauth2_provider_grant": Table(web="SIUD", worker="SUD"),
    "oauth2_provider_idtoken": Table(web="SIUD", worker="SUD"),
    "oauth2_provider_refreshtoken": Table(web="SIUD", worker="SUD"),
    "accounts_user": Table(web="SIUD", worker="S"),
    "accounts_user_groups": Table(web="SIUD"),
    "accounts_user_user_permissions": Table(web="SIUD"),
    "api_storedanswer": Table(web="SIUD", worker="SD"),
    "api_requestcount": Table(web="SIUD", worker="SD"),
    "kept_kepttext": Table(web="SIUD", worker="SD"),
    "audit_auditrow": Table(web="SI", worker="SI", rows=AUDITED),
    "audit_auditseal": Table(web="S", worker="SI"),
    "audit_audithead": Table(web="S", worker="SI"),
    "outbox_event": Table(web="SI", worker="SI"),
    "outbox_job": Table(web="SIU", worker="SIU"),
    "outbox_message": Table(web="SIUD", worker="SIUD"),
}
