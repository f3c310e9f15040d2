"""What the database lets the portal do with agreements: public law, which the administration keeps."""

from core.walls.declared import Table

TABLES = {"agreements_agreement": Table(web="SIUD", worker="S")}
