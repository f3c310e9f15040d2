"""Writes of the facilities app: memberships, partner systems, and the reference rows that a person corrects."""

from facilities.actions.asking import Asked, ask_to_confirm
from facilities.actions.clients import (
    NewClient,
    create_partner_client,
    revoke_partner_client,
    rotate_partner_client,
)
from facilities.actions.confirming import confirm_facility
from facilities.actions.memberships import end_membership, grant_membership
from facilities.actions.reference import FACILITY_FACTS, follow_facts, refresh_search_text, restore_reference

__all__ = [
    "FACILITY_FACTS",
    "Asked",
    "NewClient",
    "ask_to_confirm",
    "confirm_facility",
    "create_partner_client",
    "end_membership",
    "follow_facts",
    "grant_membership",
    "refresh_search_text",
    "restore_reference",
    "revoke_partner_client",
    "rotate_partner_client",
]
