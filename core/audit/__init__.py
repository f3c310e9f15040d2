"""The audit log. Use `core.audit.log.record`."""
