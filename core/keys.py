"""Keys in addresses: a UUID is the same UUID in capital letters, and no number is larger than the database counts."""

from django.urls.converters import IntConverter, UUIDConverter

#: The largest id that a row may have (bigint).
LARGEST = 2**63 - 1


class KeyConverter(UUIDConverter):
    """`<key:pk>`; Django's own `<uuid:pk>` knows small letters alone."""

    regex = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"


class NumberConverter(IntConverter):
    """`<number:pk>`: the id of a row. A number that no row can have leads nowhere (404), as one that none has."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Raises ValueError for a number beyond the database's, by which Django knows that the address isn't there."""
        number = int(value)
        if number > LARGEST:
            raise ValueError(value)
        return number
