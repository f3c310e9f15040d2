"""Base45 (RFC 9285): bytes in the 45 characters that a QR code packs most tightly."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}


def encode(content: bytes) -> str:
    """Two bytes in three characters, a last single one in two."""
    written: list[str] = []
    for at in range(0, len(content), 2):
        pair = content[at : at + 2]
        value = int.from_bytes(pair, "big")
        for _step in range(len(pair) + 1):
            value, digit = divmod(value, 45)
            written.append(_ALPHABET[digit])
    return "".join(written)


def decode(text: str) -> bytes:
    """The bytes. Raises ValueError for what nobody has encoded."""
    if len(text) % 3 == 1:
        raise ValueError("no base45")
    read = bytearray()
    for at in range(0, len(text), 3):
        part = text[at : at + 3]
        try:
            value = sum(_VALUES[letter] * 45**power for power, letter in enumerate(part))
            read += value.to_bytes(len(part) - 1, "big")
        except (KeyError, OverflowError) as error:
            raise ValueError("no base45") from error
    return bytes(read)
