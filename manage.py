#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

# What only the owner of the tables may do: docs/operations.md, “The roles of the database”.
OWNERS = {"load_demo", "load_reference", "migrate"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if OWNERS.intersection(sys.argv[1:2]):
        os.environ.setdefault("DATABASE_AS", "owner")
    # An operator who waits in front of a command ends it by hand.
    for limit in ("DB_STATEMENT_TIMEOUT", "DB_LOCK_TIMEOUT", "DB_IDLE_TIMEOUT"):
        os.environ.setdefault(limit, "0")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
