"""What the portal's log may hold: what went wrong and where, and never the content of a row."""

import logging
import re
from typing import Any

#: PostgreSQL explains a refused row by its content: “Failing row contains (…)”, “Key (…)=(…) already exists.”
_CONTENT = re.compile(
    r"^(DETAIL|CONTEXT|QUERY|STATEMENT):.*(?:\n(?![A-Z]+:|  File |\S+Error).*)*", re.MULTILINE
)


class WithoutContent(logging.Formatter):
    """A formatter that leaves the database's details out of messages and tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return _CONTENT.sub(r"\1: (left out)", super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  the standard library's name
        return _CONTENT.sub(r"\1: (left out)", super().formatException(ei))
