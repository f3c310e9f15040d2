"""Tools for people who work on the portal; nothing here runs in production."""
