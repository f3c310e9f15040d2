"""What the portal's log may hold: what went wrong and where, and never the content of a row or of a request."""

import logging
import re
import traceback
from collections.abc import Iterator
from typing import Any

#: PostgreSQL explains a refused row by its content: “Failing row contains (…)”, “Key (…)=(…) already exists.”
_CONTENT = re.compile(
    r"^(DETAIL|CONTEXT|QUERY|STATEMENT):.*(?:\n(?![A-Z]+:|  File |\S+Error).*)*", re.MULTILINE
)
#: What an error quotes: a value somebody sent, a recipient, a key of a dictionary.
_QUOTED = re.compile(r"""(["'])(.*?)\1|“(.*?)”|‘(.*?)’""", re.DOTALL)
#: Quoted names of tables and rules, and addresses of machines, stay.
_OURS = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+|\d{1,3}(\.\d{1,3}){3}")
#: Addresses, numbers as people and documents have them, and words that are no program's.
_TELLING = re.compile(r"\S*@\S*|[A-Za-z]*\+?\d[\d \-()]{3,}\d\w*|[^\W\d_]*[^\x00-\x7f“”‘’«»…–—]\w*")
LEFT_OUT = "…"


def without_content(text: str) -> str:
    """An error's words without what they quote."""
    text = _CONTENT.sub(r"\1: (left out)", text)
    parts = []
    place = 0
    for found in _QUOTED.finditer(text):
        quoted = found.group()
        parts.append(_TELLING.sub(LEFT_OUT, text[place : found.start()]))
        parts.append(quoted if _OURS.fullmatch(quoted[1:-1]) else f"{quoted[0]}{LEFT_OUT}{quoted[-1]}")
        place = found.end()
    return "".join([*parts, _TELLING.sub(LEFT_OUT, text[place:])])


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, the first one first."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _chain(earlier)
    yield error


class WithoutContent(logging.Formatter):
    """A formatter that leaves out what an error quotes, in messages and in tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        request = getattr(record, "request", None)
        if (
            request is not None and getattr(record, "status_code", 0) == 404
        ):  # whatever was typed: a number, a name
            text = text.replace(request.path, "(no such address)")
        error = record.exc_info[1] if record.exc_info else None
        for one in _chain(error) if error is not None else ():
            for said in (repr(one), str(one)):  # some libraries put it into the message as well
                if said:
                    text = text.replace(said, without_content(said))
        return _CONTENT.sub(r"\1: (left out)", text)

    def formatException(self, ei: Any) -> str:  # noqa: N802  the standard library's name
        parts = []
        for error in _chain(ei[1]):
            frames = "".join(traceback.format_tb(error.__traceback__))
            kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
            parts.append(f"Traceback (most recent call last):\n{frames}{kind}: {without_content(str(error))}")
        return "\n".join(parts)
