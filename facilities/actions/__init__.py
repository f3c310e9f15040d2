"""Writes of the facilities app: memberships, partner systems, and the reference rows that a person corrects."""

from facilities.actions.alerts import end_alert, sign_alert
from facilities.actions.asking import Asked, ask_to_confirm
from facilities.actions.clients import (
    NewClient,
    accept_partner_client,
    create_partner_client,
    revoke_partner_client,
    rotate_partner_client,
)
from facilities.actions.confirming import confirm_facility
from facilities.actions.inviting import Invitation, invite
from facilities.actions.memberships import (
    ask_for_role,
    check_asking,
    confirm_role,
    end_all,
    end_membership,
    grant_membership,
    refuse_role,
)
from facilities.actions.reference import follow_facts, refresh_search_text, restore_reference
from facilities.events import FACILITY_FACTS

__all__ = [
    "FACILITY_FACTS",
    "Asked",
    "Invitation",
    "NewClient",
    "accept_partner_client",
    "ask_for_role",
    "ask_to_confirm",
    "check_asking",
    "confirm_facility",
    "confirm_role",
    "create_partner_client",
    "end_alert",
    "end_all",
    "end_membership",
    "follow_facts",
    "grant_membership",
    "invite",
    "refresh_search_text",
    "refuse_role",
    "restore_reference",
    "revoke_partner_client",
    "rotate_partner_client",
    "sign_alert",
]
