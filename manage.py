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
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
