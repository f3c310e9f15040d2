"""The reference data and how it gets into the tables."""

from facilities.reference.loader import load
from facilities.reference.report import Kept, LoadReport, TableReport
from facilities.reference.sync import sync

__all__ = ["Kept", "LoadReport", "TableReport", "load", "sync"]
