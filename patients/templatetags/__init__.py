"""Template filters of the patients pages."""
