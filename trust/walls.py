"""Keys are published, and changed by a command of the operator's alone, as the tables' owner."""

from core.walls.declared import Table

TABLES = {"trust_signingkey": Table(web="S", worker="S")}
