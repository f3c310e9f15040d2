"""The patients pages."""
