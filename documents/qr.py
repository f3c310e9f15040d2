"""A QR code as a picture for a paper."""

import io

import segno


def picture(text: str, *, error: str = "q") -> str:
    """The code as SVG, with the quiet zone around it. Level Q is read with a quarter of it dirty or folded."""
    out = io.BytesIO()
    segno.make_qr(text, error=error, boost_error=False).save(out, kind="svg", border=4, svgversion=1.1)
    return out.getvalue().decode()
