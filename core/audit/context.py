"""The id of the request or job that is being served, for the log, the audit rows and the answer."""

import re
import uuid
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
#: As long as the columns that keep it. A job's id is the portal's own: nobody else's begins like one.
LONGEST = 64
_GIVEN = re.compile(r"(?!job-)[A-Za-z0-9][A-Za-z0-9._:+/=@-]{0,63}")
_TRACE = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_of(header: str) -> str:
    """The trace's id in a `traceparent` (W3C Trace Context), "" where it is none."""
    match = _TRACE.fullmatch(header)
    return match[1] if match else ""


def id_for(given: str, trace: str) -> str:
    """The id of a request: the one that it brings, else that of its trace, else a new one."""
    return given if _GIVEN.fullmatch(given) else trace or uuid.uuid4().hex
