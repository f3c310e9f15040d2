"""What the database lets the portal do with agreements: public law, which the administration keeps."""

from core.walls.declared import Table

TABLES = {
    "agreements_abroadcare": Table(web="SIUD", worker="S"),
    "agreements_agreement": Table(web="SIUD", worker="S"),
    # What a version would change is worked out by the worker. An approved one is held by a trigger.
    "agreements_agreementversion": Table(web="SIUD", worker="SU"),
}
