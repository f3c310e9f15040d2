"""Searches in the reference data: diagnoses, districts, the directory, hosts, and what lies across a border."""
