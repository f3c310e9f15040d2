"""Finding the channels: every folder beside this file is one."""

import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage

from core.channels.protocol import Channel
from core.errors import Text

_PARTS = ("name", "label", "rank", "at_once", "address_of", "send", "check")


@cache
def channels() -> dict[str, Channel]:
    """Every channel by its name. Raises TypeError for a folder that lacks a part of one."""
    return {name: _load(name) for name in _names()}


def labels() -> list[tuple[str, Text]]:
    """The choices of a message's channel. A function, so that a new channel changes no table."""
    return [(name, channel.label) for name, channel in channels().items()]


def label_of(name: str) -> Text:
    """A channel's name for people; of one that is there no more, its folder's."""
    found = channels().get(name)
    return found.label if found else name


def read_settings(env: Any, *, production: bool, state_dir: Path) -> dict[str, Any]:
    """What the channels read from the environment, by `read` of their `environment.py`, for portal/settings.py.

    Raises ImproperlyConfigured where production lacks one.
    """
    found: dict[str, Any] = {}
    for name in _names():
        module = f"core.channels.{name}.environment"
        if find_spec(module):
            found |= import_module(module).read(env, production=production, state_dir=state_dir)
    return found


def check(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """Every channel's look at its settings, for Django's system check."""
    return [message for channel in channels().values() for message in channel.check()]


def _names() -> list[str]:
    home = import_module("core.channels")
    return sorted(module.name for module in pkgutil.iter_modules(home.__path__) if module.ispkg)


def _load(name: str) -> Channel:
    channel: Channel = import_module(f"core.channels.{name}").CHANNEL
    if missing := [part for part in _PARTS if not hasattr(channel, part)]:
        raise TypeError(f"The channel {name!r} lacks {', '.join(missing)}.")
    if channel.name != name:
        raise TypeError(f"The channel in the folder {name!r} calls itself {channel.name!r}.")
    return channel
