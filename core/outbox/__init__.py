"""The outbox: what must happen after a change commits, kept in the same transaction as the change."""
