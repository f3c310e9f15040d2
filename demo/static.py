"""The static files of the demonstration, which are compressed at its first start, while somebody waits."""

import brotli
from whitenoise.compress import Compressor

from portal.web.storage import StaticFilesStorage


class QuickCompressor(Compressor):
    """Brotli's ninth step of eleven: files a tenth larger, in a tenth of the time."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=9))


class QuickStaticFilesStorage(StaticFilesStorage):
    """The production's storage but for the compressor."""

    def create_compressor(self, **options: object) -> Compressor:
        return QuickCompressor(**options)
