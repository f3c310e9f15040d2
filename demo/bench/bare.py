"""The portal without its second wall, its audit log and its encryption: what they cost is measured against this.

It logs in as the superuser, for whom there is no row-level security; nobody tells the database who acts; no row of the
audit log is written; what is sealed is handed on as it lies, and what is written only looks sealed. For the bench.
"""

from typing import Any

from portal.wsgi import application

__all__ = ["application"]


def _nothing(*_given: Any, **_more: Any) -> None:
    return None


def _take_away() -> None:
    from core import db
    from core.audit import log

    for module, names in ((db, ("tell",)), (log, ("authenticate", "insert"))):
        for name in names:
            setattr(module, name, _nothing)
    from core.sealed import fields
    from core.sealed.box import MARK

    plain = {
        "seal_text": lambda text, place: f"{MARK}{text}" if text else "",
        "open_text": lambda sealed, place: sealed,
        "blind_index": lambda *parts: "\0".join(map(str, parts))[-40:].replace("\0", "."),
    }
    for name, function in plain.items():
        setattr(fields, name, function)
    # An object as it lies is none.
    fields.EncryptedJSONField.from_db_value = lambda field, *read: {}  # type: ignore[method-assign]


_take_away()
