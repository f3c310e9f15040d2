"""The text of a certificate's QR code: written, read back, and refused for whatever else somebody shows."""

import json
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest
import typst

from documents import base45, hcert, qr

CLAIMS = hcert.Claims(
    issuer="KG",
    issued=datetime(2027, 3, 1, 9, tzinfo=UTC),
    not_before=datetime(2027, 3, 1, tzinfo=UTC),
    expires=datetime(2027, 5, 1, tzinfo=UTC),
    content={"v": 1, "id": "KG-27-000001", "name": "Сыноо Адам", "host": ["KZ", "KZ-1", "Test hospital"]},
)
TEXT = hcert.write(CLAIMS, key_id=b"12345678", sign=lambda content: content[:32] * 2)


@pytest.mark.parametrize(
    ("plain", "written"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"ietf!", "QED8WEX0"), (b"", "")]
)
def test_base45_is_the_standards(plain: bytes, written: str) -> None:
    """The examples of RFC 9285."""
    assert base45.encode(plain) == written
    assert base45.decode(written) == plain


@pytest.mark.parametrize("wrong", ["A", "BB8A", "ab", ":::", "GGW", "é1"])
def test_what_is_no_base45_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no base45"):
        base45.decode(wrong)


def test_a_text_is_read_as_it_was_written() -> None:
    assert len(TEXT) < 500, "a QR code that a telephone reads from paper"
    found = hcert.read(f" {TEXT}\n")
    assert found.key_id == b"12345678"
    assert found.content == CLAIMS.content
    assert found.claims[4] == int(CLAIMS.expires.timestamp())
    assert found.signature == found.signed[:32] * 2


def _packed(message: Any) -> str:
    return "HC1:" + base45.encode(
        zlib.compress(message if isinstance(message, bytes) else cbor2.dumps(message))
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "HC1:",
        TEXT[4:],
        TEXT.lower(),
        TEXT[:-5],
        "HC1:" + "0" * 5000,
        _packed(b""),
        _packed(b"\xff" * 20),
        _packed(17),
        _packed([1, 2, 3]),
        _packed(cbor2.CBORTag(18, [b"\xa0", {}, b"\xa0", b""])),
        _packed(cbor2.CBORTag(18, [cbor2.dumps({1: -37, 4: b"12345678"}), {}, cbor2.dumps({}), b"0" * 64])),
        _packed(cbor2.CBORTag(18, [cbor2.dumps({1: -7, 4: b"12345678"}), {}, cbor2.dumps([]), b"0" * 64])),
        _packed(cbor2.CBORTag(18, [cbor2.dumps({1: -7, 4: "text"}), {}, cbor2.dumps({}), b"0" * 64])),
        _packed(b"\x81" * 900),
        _packed(b"\x00" * 5_000_000),
    ],
    ids=range(16),
)
def test_whatever_else_somebody_shows_is_refused(wrong: str) -> None:
    with pytest.raises(hcert.Malformed):
        hcert.read(wrong)


def _grey(png: bytes) -> memoryview:
    """The red part of each point of a PNG with eight bits a channel, as rows (PNG's filters, RFC 2083)."""
    width, height, _depth, kind = struct.unpack(">IIBB", png[16:26])
    at, data, step = 8, b"", {2: 3, 6: 4}[kind]
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    raw, before, rows = zlib.decompress(data), bytearray(width * step), bytearray()
    for number in range(height):
        start = number * (width * step + 1)
        how, line = raw[start], bytearray(raw[start + 1 : start + 1 + width * step])
        for place, value in enumerate(line):
            left = line[place - step] if place >= step else 0
            up, corner = before[place], before[place - step] if place >= step else 0
            nearest = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
            line[place] = (value + (0, left, up, (left + up) // 2, nearest)[how]) % 256
        before = line
        rows += line[::step]
    return memoryview(bytes(rows)).cast("B", (height, width))


@pytest.mark.thorough
def test_a_reader_of_qr_codes_reads_it_from_the_paper() -> None:
    zxing = pytest.importorskip("zxingcpp")
    papers = Path(qr.__file__).parent / "papers"
    facts = {
        "language": "en", "made_on": [2027, 3, 1], "above": "", "title": "Test", "lead": [], "rows": [], "parts": [],
        "ending": [], "codes": [{"picture": qr.picture(TEXT), "large": True, "words": "Test"}],
    }  # fmt: skip
    png = typst.compile(
        str(papers / "sheet.typ"),
        root=str(papers),
        format="png",
        ppi=110,
        sys_inputs={"facts": json.dumps(facts)},
    )
    assert isinstance(png, bytes)
    assert [found.text for found in zxing.read_barcodes(_grey(png))] == [TEXT]
