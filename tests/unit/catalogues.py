"""The message catalogues, as their tests read them."""

import re
from collections.abc import Iterator
from functools import cache

from babel.messages.catalog import Catalog, Message

from tools import messages

LANGUAGES = sorted(messages.LANGUAGES)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|https?://[^\s.]+|“\w+”: \w+")


@cache
def sources() -> Catalog:
    return messages.collect()


@cache
def catalogue(language: str) -> Catalog:
    return messages.load(language, messages.catalogues()[language])


def entries(language: str) -> Iterator[tuple[Message, list[tuple[str, str]]]]:
    """Every translated text with its pairs of (source, translation); a plural form pairs with the plural."""
    for message in catalogue(language):
        if not message.id or not messages.is_translated(message.string):
            continue
        if message.pluralizable:
            yield message, [(message.id[1], form) for form in message.string]
        else:
            yield message, [(message.id, message.string)]


def key(message: Message) -> tuple[str | None, str | tuple[str, ...]]:
    return message.context, tuple(message.id) if message.pluralizable else message.id
