"""What is published of an organisation's people and systems."""

#: Of a role: asked for, given, refused or withdrawn (the subject is the request), and ended (the membership).
ASKED, GIVEN, REFUSED, ENDED = "role.asked", "role.given", "role.refused", "role.ended"
#: Of a partner's system: the operator asked for one, and somebody was shown a secret.
CLIENT_ASKED, CLIENT_MADE = "partner_client.asked", "partner_client.made"
