"""`./dev pin`: write the digests of the images into docker-compose.yml and Dockerfile. Needs docker and a registry."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = ("docker-compose.yml", "Dockerfile")
_IMAGE = re.compile(
    r"^(\s*image: |FROM )(?!patient-mobility-portal)([\w./-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})?", re.MULTILINE
)


def digest_of(image: str) -> str:
    """The digest of the image for all platforms, as the registry has it now. Raises LookupError."""
    command = ["docker", "buildx", "imagetools", "inspect", image, "--format", "{{.Manifest.Digest}}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    digest = done.stdout.strip()
    if done.returncode or not re.fullmatch(r"sha256:[0-9a-f]{64}", digest):
        raise LookupError(f"{image}: {done.stderr.strip() or 'the registry told no digest'}")
    return digest


def pinned(text: str, ask: Callable[[str], str]) -> str:
    """The file's text with the present digest behind each image of others."""
    return _IMAGE.sub(lambda match: f"{match[1]}{match[2]}@{ask(match[2])}", text)


def main() -> int:
    """Write both files, or neither."""
    if shutil.which("docker") is None:
        print(
            "dev: docker is missing, and nothing else here can ask a registry: no digest was written.",
            file=sys.stderr,
        )
        return 1
    try:
        texts = {name: pinned((ROOT / name).read_text("utf-8"), digest_of) for name in FILES}
    except LookupError as error:
        print(f"dev: no digest was written. {error}", file=sys.stderr)
        return 1
    for name, text in texts.items():
        (ROOT / name).write_text(text, "utf-8")
        print(f"  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
