"""The ways by which a message reaches somebody: one folder each, found by its name.

A folder holds everything of its channel: `CHANNEL` in `__init__.py`, its transport, the form that it gives to the
words, its settings with their check, and its tests. `core/outbox/messages.py` knows channels through this package
alone.
"""

from core.channels.protocol import Channel, Letter, Recipient, Undeliverable
from core.channels.registry import channels, check, label_of, labels, read_settings

__all__ = [
    "Channel",
    "Letter",
    "Recipient",
    "Undeliverable",
    "channels",
    "check",
    "label_of",
    "labels",
    "read_settings",
]
