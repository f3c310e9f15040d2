"""Whether every key is at hand by which something was sealed: asked at the start of each process, and by a release."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections, transaction

from core.sealed.keys import data_keys, index_keys
from core.sealed.models import SealedKey

_NAMES = {"data": "DATA_KEY", "index": "INDEX_KEY"}


def take_note(using: str = "default") -> None:
    """Note the present keys as being in use; the owner's, at each release. Nothing before there is a table for it."""
    if SealedKey._meta.db_table not in connections[using].introspection.table_names():
        return
    for use, key in (("data", data_keys()[0]), ("index", index_keys()[0])):
        SealedKey.objects.using(using).update_or_create(id=key.id, defaults={"use": use, "retired_at": None})


def lost() -> list[str]:
    """A sentence for each key in use that isn't at hand, and for one at hand of which no release knows."""
    try:
        at_hand = {"data": [key.id for key in data_keys()], "index": [key.id for key in index_keys()]}
    except ImproperlyConfigured as error:
        return [str(error)]
    rows = list(SealedKey.objects.filter(retired_at=None).order_by("since", "id"))
    found = [
        f"The {row.use} key {row.id}, in use since {row.since:%Y-%m-%d}, is lost: what it has sealed can’t be read or "
        f"found. Put it into {_NAMES[row.use]} or {_NAMES[row.use]}_FALLBACKS."
        for row in rows
        if row.id not in at_hand[row.use]
    ]
    known = {row.id for row in rows}
    for use, ids in at_hand.items():
        if rows and ids[0] not in known:
            found.append(f"{_NAMES[use]} ({ids[0]}) is new: run the release first, python -m portal.release.")
    return found


def check(**_facts: Any) -> list[CheckMessage]:
    """For Django's checks. Where no database answers, or has no tables yet, nothing can be said."""
    try:
        with transaction.atomic():
            return [Error(sentence, id="sealed.E001") for sentence in lost()]
    except DatabaseError:
        return []


def require_keys() -> None:
    """End a process that starts without a key that it needs, with the reason. Nothing where no database answers."""
    sentences = [message.msg for message in check()]
    if sentences:
        raise SystemExit("\n".join(sentences))
