"""The one list of what a case holds and who may know it: pages and the API both ask here, field by field.

Names are those of the API's answer. What stands in `OUTLINE` everybody may know who may know of the referral: the
host's ministry, a hospital that declined or had it before, a host whose consent is over. Everything else is of a kind
of data, and shown to who sees that kind: of `KIND_OF`, or of the care itself. A field that nobody has thought of is
therefore hidden.
"""

from collections.abc import Collection

from disclosure.models import DataKind

OUTLINE = frozenset(
    {
        # What a system needs to speak of it at all.
        "id",
        "version",
        "updated_at",
        "links",
        "allowed",
        "clinical_content",
        "kinds",
        "former_since",
        # That it exists, its direction, its state, and by when somebody has to act.
        "number",
        "state",
        "state_display",
        "state_since",
        "priority",
        "priority_display",
        "created_at",
        "submitted_at",
        "sent_at",
        "reply_due_at",
        "over_at",
        "filed_by",
        "directing_facility",
        "host_facility",
        "agreement",
        "history",
        "emergency_accesses",
        "authorisation",
        "authorisation.state",
        "authorisation.state_display",
        "authorisation.due_at",
        "authorisation.stopped_at",
        "authorisation.decided_at",
        "authorisation.decided_by",
        # Which bodies approve, who has it, since when; a stage's reason is for who sees the care.
        "stages",
    }
)
KIND_OF = {
    "payer": DataKind.PAYMENT,
    "payer_note": DataKind.PAYMENT,
    "estimate": DataKind.PAYMENT,
    "authorisation.ceiling": DataKind.PAYMENT,
    "clinical.coverages": DataKind.PAYMENT,
    "clinical.evidence": DataKind.DOCUMENTS,
    "clinical.consilia": DataKind.DOCUMENTS,
    "clinical.information_requests": DataKind.DOCUMENTS,
    "clinical.patient.phone": DataKind.CONTACT,
}


def shown(name: str, kinds: Collection[str]) -> bool:
    """Whether a reader who sees these kinds of data may know the field of that name."""
    return name in OUTLINE or KIND_OF.get(name, DataKind.CARE) in kinds
