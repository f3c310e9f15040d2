"""Health checks for an orchestrator: `python -P portal/health.py web|worker|beat` exits with 0 while all is well.

Standard library only and started as a file, so that a check every ten seconds costs next to nothing: importing the
portal's package would bring Celery in.
"""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

STALE = 30.0  # seconds without a sign of life; the processes give one every five


def heartbeat_file(name: str) -> Path:
    """The file that the process `name` touches while it does its work."""
    state = os.environ.get("STATE_DIR") or str(Path(__file__).resolve().parent.parent / "var")
    return Path(state) / "run" / f"{name}.alive"


def beats(name: str) -> str:
    """'' while the process gives signs of life, otherwise what is wrong."""
    try:
        age = time.time() - heartbeat_file(name).stat().st_mtime
    except OSError:
        return f"the {name} has given no sign of life"
    return "" if age < STALE else f"the last sign of life of the {name} is {age:.0f} seconds old"


def answers(url: str) -> str:
    """'' when the portal answers with 200, otherwise what is wrong."""
    # The portal answers to its own name alone, also on the way from inside its container.
    host = urlsplit(os.environ.get("PUBLIC_URL", "")).netloc or "localhost"
    request = urllib.request.Request(url, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return "" if response.status == 200 else f"the portal answers with {response.status}"
    except urllib.error.HTTPError as error:
        return f"the portal answers with {error.code}"
    except OSError as error:
        return f"the portal does not answer: {getattr(error, 'reason', error)}"


def main(arguments: list[str]) -> int:
    """The exit code for the process named in `arguments`; what is wrong goes to stderr."""
    name = arguments[0] if len(arguments) == 1 else ""
    if name == "web":
        port = os.environ.get("WEB_BIND", "0.0.0.0:8000").rpartition(":")[2]
        trouble = answers(f"http://127.0.0.1:{port}/healthz")
    elif name in ("worker", "beat"):
        trouble = beats(name)
    else:
        trouble = "usage: python -P portal/health.py web|worker|beat"
    if trouble:
        print(trouble, file=sys.stderr)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
