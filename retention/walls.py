"""What the database lets the portal do with periods and erasures, and whose erasures somebody sees."""

from core.permissions import Permission
from core.walls.declared import Rows, Table, country, organisation

_HERE = organisation(Permission.WRITE_PATIENTS)
_KEEPS = country(Permission.KEEP)

TABLES = {
    # How long data are kept is for everybody to read.
    "retention_period": Table(web="SIU", worker="S"),
    # A hospital asks, its ministry decides, the worker carries out.
    "retention_erasure": Table(
        web="SIU",
        worker="SIU",
        rows=Rows(
            read=f"country_id = {_KEEPS} OR facility_id = {_HERE}",
            add=f"facility_id = {_HERE}",
            change=f"country_id = {_KEEPS}",
        ),
    ),
    "retention_sweep": Table(web="S", worker="SIU"),
}
