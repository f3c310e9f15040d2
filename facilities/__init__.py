"""Organisations and facilities, districts, crossings, services, code systems and memberships."""
