"""Keys in addresses: a UUID is the same UUID in capital letters."""

from django.urls.converters import UUIDConverter


class KeyConverter(UUIDConverter):
    """`<key:pk>`; Django's own `<uuid:pk>` knows small letters alone."""

    regex = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
