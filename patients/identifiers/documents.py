"""Numbers of documents, and the portal's own: length and characters only, for formats differ between issuers."""

import re
from typing import Final

from patients.identifiers.base import DHP_URI, OWN_URI, IdentifierCheck, System, document
from patients.identifiers.base import marked as _

TEMPORARY_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L, which are misread when copied by hand."""


def _temporary(number: str) -> IdentifierCheck:
    if not re.fullmatch(f"TMP[{TEMPORARY_ALPHABET}]{{8}}", number):
        return IdentifierCheck(number[:40], ("characters",))
    return IdentifierCheck(f"TMP-{number[3:]}")


PASSPORT = System(
    code="passport",
    label=_("Passport"),
    in_sentence=_("passport"),
    examine=document(5, 20),
    pattern=r"^[A-Z0-9]{5,20}$",
    uri=f"{OWN_URI}passport",
    uris={"KZ": f"{DHP_URI}kz/ppn", "UZ": f"{DHP_URI}uz/ppn/local", "KG": f"{DHP_URI}kg/ppn"},
    example="TEST0000001",
    either_script=True,
    length=_("A passport number has 5 to 20 letters and digits. Check the number on the document."),
)
IDENTITY_CARD = System(
    code="identity-card",
    label=_("Identity card"),
    in_sentence=_("identity card"),
    examine=document(5, 20),
    pattern=r"^[A-Z0-9]{5,20}$",
    uri=f"{OWN_URI}identity-card",
    uris={"KZ": f"{DHP_URI}kz/cz"},
    example="TEST0000001",
    either_script=True,
    length=_(
        "The number of an identity card has 5 to 20 letters and digits. Check the number on the document."
    ),
)
RESIDENCE_PERMIT = System(
    code="residence-permit",
    label=_("Residence permit"),
    in_sentence=_("residence permit"),
    examine=document(5, 20),
    pattern=r"^[A-Z0-9]{5,20}$",
    uri=f"{OWN_URI}residence-permit",
    example="TEST0000001",
    either_script=True,
    length=_(
        "The number of a residence permit has 5 to 20 letters and digits. Check the number on the document."
    ),
)
TRAVEL_DOCUMENT = System(
    code="travel-document",
    label=_("Document of a refugee or a stateless person"),
    in_sentence=_("document of a refugee or a stateless person"),
    examine=document(5, 20),
    pattern=r"^[A-Z0-9]{5,20}$",
    uri=f"{OWN_URI}travel-document",
    example="TEST0000001",
    either_script=True,
    length=_("The number of such a document has 5 to 20 letters and digits. Check the number on it."),
)
BIRTH_CERTIFICATE = System(
    code="birth-certificate",
    label=_("Birth certificate"),
    in_sentence=_("birth certificate"),
    examine=document(4, 20, letters="A-Z0-9А-ЯЁӘҒҚҢӨҰҮҺЎҲ"),
    pattern=".",
    uri=f"{OWN_URI}birth-certificate",
    example="TEST000001",
    length=_(
        "The number of a birth certificate has 4 to 20 letters and digits. Check the number on the document."
    ),
    either_script=True,
)
HEALTH_CARD = System(
    code="health-card",
    label=_("Health card"),
    in_sentence=_("health card"),
    examine=document(4, 30),
    pattern=".",
    uri=f"{OWN_URI}health-card",
    example="TEST000001",
    length=_("The number of a health card has 4 to 30 letters and digits. Check the number on the document."),
    either_script=True,
)
TEMPORARY = System(
    code="temporary",
    label=_("Temporary number"),
    in_sentence=_("temporary number"),
    examine=_temporary,
    pattern="^TMP-",
    uri=f"{OWN_URI}temporary",
    example="TMP-ABCDEFGH",
    either_script=True,
    given_by_portal=True,
)
