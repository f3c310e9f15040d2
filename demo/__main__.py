"""The machine room's own commands, called by `dev`: up, prepare, manage."""

import errno
import sys

from demo import manage, preflight, prepare, supervisor
from demo.errors import Stop


def main(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    verb, rest = arguments[0] if arguments else "", arguments[1:]
    if verb == "up":
        options = preflight.arguments_of_up().parse_args(rest)
        return supervisor.up(options.port, reset=options.reset)
    if verb == "prepare":
        return prepare.prepare(rest)
    if verb == "manage":
        return manage.manage(rest)
    raise Stop("The machine room knows up, prepare and manage.")


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    except (Stop, preflight.Refusal) as stop:
        print(f"dev: {stop}", file=sys.stderr)
        code = 1
    except OSError as error:
        full = error.errno == errno.ENOSPC
        reason = (
            "The disk is full" if full else f"{error.filename or 'An operation failed'}: {error.strerror}"
        )
        print(f"dev: {reason}.", file=sys.stderr)
        code = 1
    sys.stdout.flush()
    sys.exit(code)
