"""The audit log. Use `portal.core.audit.log.record`."""
