"""The REST API of patients: over `access` and `actions`, as the pages are."""
