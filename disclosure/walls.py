"""What the database lets the portal do with the ledger: it grows, and auditors of the countries concerned read it."""

from core.permissions import Permission
from core.walls.declared import Rows, Table, country

_CONCERNED = f"countries @> ARRAY[{country(Permission.SEE_AUDIT)}]::varchar[]"

TABLES = {"disclosure_disclosure": Table(web="SI", worker="S", rows=Rows(read=_CONCERNED, add="true"))}
