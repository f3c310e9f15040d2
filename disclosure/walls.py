"""What the database lets the portal do with the ledger: it grows, and few read it."""

from core.permissions import Permission
from core.walls.declared import Rows, Table, country, having, reaching, told

# Auditors read what concerns their country. A patient's own request is answered by their hospital, while it says
# whose request it is.
_AUDITED = f"countries @> ARRAY[{country(Permission.SEE_AUDIT)}]::varchar[]"
_ASKED_FOR = f"""{reaching("statement")} AND {having([Permission.SEE_PATIENTS])}
AND patients && {told("of")}::uuid[]"""
_CONCERNED = f"{_AUDITED} OR ({_ASKED_FOR})"

TABLES = {
    # What may leave a country is for everybody to read.
    "disclosure_transferpolicy": Table(web="SIUD", worker="S"),
    "disclosure_disclosure": Table(web="SI", worker="S", rows=Rows(read=_CONCERNED, add="true")),
}
