"""The signed id of the patient to come: what makes a form that is sent twice register once."""

from uuid import UUID, uuid4

from django.core import signing

KEY_SALT = "patients.register"


def new_key(actor_id: str) -> str:
    """The id of the patient to come, signed for the person who opened the form."""
    return signing.dumps([str(actor_id), uuid4().hex], salt=KEY_SALT)


def read_key(key: str, actor_id: str) -> UUID | None:
    """The id in a key of `new_key`; None when it isn't one of this actor's."""
    try:
        owner, patient_id = signing.loads(key, salt=KEY_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return UUID(patient_id) if owner == str(actor_id) else None
