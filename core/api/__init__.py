"""The floor of the REST API: errors, cursors, conditional changes, keys, limits, sign-in. Knows no domain app."""
