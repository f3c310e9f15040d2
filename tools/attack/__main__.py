"""The command: finds the demonstration, runs the attacks, prints each one, exits with 1 when something gave way."""

import argparse
import importlib
import json
import pkgutil
import sys
import time
from pathlib import Path

from demo import preflight
from demo.errors import Stop
from tools.attack import kinds
from tools.attack.target import ALL, Declared, NotPossible, Target

#: OWASP API Security Top 10, 2023.
TOP_TEN = {
    "API1": "Broken object level authorization",
    "API2": "Broken authentication",
    "API3": "Broken object property level authorization",
    "API4": "Unrestricted resource consumption",
    "API5": "Broken function level authorization",
    "API6": "Unrestricted access to sensitive business flows",
    "API7": "Server side request forgery",
    "API8": "Security misconfiguration",
    "API9": "Improper inventory management",
    "API10": "Unsafe consumption of APIs",
}
#: Why there is nothing to attack over HTTP.
NOT_HERE = {
    "API7": "no request makes the portal fetch an address: it takes none",
    "API10": "the portal asks no API of others; mail and SMS gateways answer only yes or no",
}


def declared() -> list[Declared]:
    """All attacks, in the order of their files' names."""
    for module in pkgutil.iter_modules(kinds.__path__):
        importlib.import_module(f"{kinds.__name__}.{module.name}")
    return sorted(ALL, key=lambda one: one.kind)


def run(target: Target, attacks: list[Declared]) -> int:
    """Run them one after the other; how many tries the portal did not withstand."""
    broken = 0
    for one in attacks:
        print(f"\n{one.kind}: {one.says}  [{', '.join(one.covers)}]")
        started = time.monotonic()
        try:
            for tried in one.run(target):
                broken += not tried.held
                print(
                    f"  {'held  ' if tried.held else 'BROKEN'}  {tried.sent}  →  {tried.came_back}",
                    flush=True,
                )
        except NotPossible as reason:
            print(f"  not tried: {reason}")
        except OSError as error:
            broken += 1
            print(f"  BROKEN  the portal answers no more: {error}")
        print(f"  {time.monotonic() - started:.1f} s")
    return broken


def overview(attacks: list[Declared]) -> None:
    """Which attack covers what of the Top Ten."""
    print("\nOWASP API Security Top 10 (2023)")
    for number, title in TOP_TEN.items():
        covering = sorted({one.kind for one in attacks if number in one.covers})
        print(f"  {number:<6}{title}: {', '.join(covering) or NOT_HERE[number]}")


def main(arguments: list[str]) -> int:
    """The exit code: 0 held, 1 broken."""
    parser = argparse.ArgumentParser(prog="./dev attack", description=sys.modules["tools.attack"].__doc__)
    parser.add_argument("url", nargs="?", help="the portal's address; the running demonstration's by default")
    parser.add_argument("--credentials", type=Path, default=preflight.BASE / "credentials.json")
    parser.add_argument("--quick", action="store_true", help="leave out what takes more than a second or two")
    parser.add_argument("--only", help="one kind")
    options = parser.parse_args(arguments)
    url = options.url or str(preflight.running(preflight.LOCK).get("url") or "")
    if not url:
        raise Stop("No demonstration runs from this checkout: start it with ./dev demo, or name an address.")
    try:
        credentials = json.loads(options.credentials.read_text("utf-8"))
    except OSError:
        raise Stop(
            f"There are no credentials in {options.credentials}: name the file with --credentials."
        ) from None
    attacks = [
        one for one in declared() if (one.quick or not options.quick) and options.only in {None, one.kind}
    ]
    broken = run(Target(url, credentials), attacks)
    overview(declared())
    print(f"\n{broken} tries broke through" if broken else "\nEverything held")
    return 1 if broken else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"dev: {stop}", file=sys.stderr)
        sys.exit(1)
