"""The id of the request or job that is being served, for the log and the audit rows."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
