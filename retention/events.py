"""What happens to an erasure, by the outbox. The subject is the erasure."""

ASKED = "erasure.asked"
GRANTED = "erasure.granted"
REFUSED = "erasure.refused"
DONE = "erasure.done"
