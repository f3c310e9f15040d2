"""What is published of an organisation's people and systems, and of the directory."""

#: Of a role: asked for, given, refused or withdrawn (the subject is the request), and ended (the membership).
ASKED, GIVEN, REFUSED, ENDED = "role.asked", "role.given", "role.refused", "role.ended"
#: Of a partner's system: the operator asked for one, and somebody was shown a secret.
CLIENT_ASKED, CLIENT_MADE = "partner_client.asked", "partner_client.made"
#: A partner's system may not sign in any more. For the feed alone.
CLIENT_REVOKED = "partner_client.revoked"
#: A facility's licence, offers or readiness changed. Its subject is the facility.
FACILITY_FACTS = "facility.facts"
#: For the feed alone: a row of another list of the directory changed; a load of the reference changed `tables`.
DIRECTORY_ROW, DIRECTORY_LOADED = "directory.row", "directory.loaded"
