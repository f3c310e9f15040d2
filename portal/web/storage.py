"""How static files are stored: compressed, under names that change with their content, without the maps of sources."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


def _without_maps(patterns: Any) -> tuple[Any, ...]:
    return tuple(
        (files, tuple(one for one in all_of_them if "sourceMappingURL" not in str(one)))
        for files, all_of_them in patterns
    )


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, which would look for the map of sources that a stylesheet or script of a package names."""

    patterns = _without_maps(CompressedManifestStaticFilesStorage.patterns)
