"""A pytest plugin: runs the tests as if at another moment, and knows which of them depend on the clock.

`--at 2028-02-29T23:40+05:00` sets Python's clock in every test and all that is made for it; it runs on from there.
Given more than once, each test runs at each of the moments, one moment after the other, and has the moment in its name.
With `--others-now` only what depends on the clock is run at them, and everything else once, at the true time.
Modules are imported at the true time, as a server was started days before: what keeps a date from then fails.

Marks: `clock` is given by itself to every test in this process that asks for the database or that reads the clock
(`tests.clock_reading`); `-m clock` picks them. `any_time` keeps a costly one out that asks for nothing that hangs on
the clock. Tests with `in_turn` share several moments: each runs at one of them, those of a file in turn. It is for
costly ones, and is given by itself to those that meet the database and don't read the clock. A file whose tests share
something costly has `at_latest`: all of it runs at the latest moment. `machine_clock` is for
tests whose clock can't be set from here, mostly because it is that of other processes: with `--at` they are skipped.
"""

import time
from collections import Counter
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clock import ALMATY, Clock, set_to
from tests.clock_reading import readers

EXAMPLE = "2028-02-29T23:40+05:00"
NO_MOMENT = "--at: “{text}” is no moment from 2000 to 2199 with its offset from UTC, such as {example}."
SKIPPED = "runs by the clock of the machine or of other processes, which --at doesn’t set"
#: Fixtures of the running demonstration, and of the database.
OTHER_PROCESSES = frozenset({"_demo", "demo", "browser"})
DATABASE = frozenset({"db", "transactional_db"})
#: A test asks more than once what day it is, so none is begun this shortly before a midnight (in UTC, +05:00, +06:00).
NEAR_MIDNIGHT = timedelta(minutes=1)
MIDNIGHTS = (0, 18, 19)
_MOMENTS = pytest.StashKey[list[datetime]]()
_current: tuple[datetime | None, float] = (None, 0.0)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--at",
        action="append",
        default=[],
        metavar="MOMENT",
        help=f"run the tests as if at this moment, such as {EXAMPLE}; several: at each of them",
    )
    parser.addoption(
        "--others-now",
        action="store_true",
        help="with --at: tests that don't depend on the clock run once, at the true time",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Read the moments before anything else: a bad one costs nobody a start of the servers."""
    texts = early_config.known_args_namespace.at
    early_config.stash[_MOMENTS] = list(dict.fromkeys(read_moment(text) for text in texts))
    return (yield)


def read_moment(text: str) -> datetime:
    """The moment that the text names. UsageError where it names none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None or not 2000 <= moment.year < 2200:
        raise pytest.UsageError(NO_MOMENT.format(text=text, example=EXAMPLE))
    return moment


def pytest_configure(config: pytest.Config) -> None:
    for line in (
        "clock: depends on the clock, for all that is known; given by itself",
        "any_time: costly, and asks for nothing that hangs on the clock",
        "in_turn: of several moments it runs at one; the tests of a file take turns",
        "at_latest: shares something costly in its file, so of several moments it runs at the latest",
        "machine_clock: runs other processes, or looks at files' times: skipped with --at",
    ):
        config.addinivalue_line("markers", line)


def pytest_report_header(config: pytest.Config) -> str | None:
    moments = config.stash[_MOMENTS]
    return f"clock: set to {', '.join(map(_named, moments))}" if moments else None


def _named(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


# --- Which tests ----------------------------------------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With several moments, each test at each of them."""
    moments = _moments(metafunc.definition)
    if len(moments) > 1 and not _on_the_machines_clock(metafunc.definition):
        if metafunc.config.option.markexpr == "clock" and not _depends_on_the_clock(metafunc.definition):
            moments = moments[:1]  # it isn't picked anyway
        metafunc.parametrize("moment", moments, ids=_named, indirect=True, scope="session")


@pytest.hookimpl(tryfirst=True)  # before pytest looks for what `-m` picks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    turns: Counter[tuple[Path, datetime | None]] = Counter()
    elsewhere = []
    for item in items:
        moments = _moments(item)
        if _on_the_machines_clock(item):
            if moments:
                item.add_marker(pytest.mark.skip(reason=SKIPPED))
            continue
        if _depends_on_the_clock(item):
            item.add_marker(pytest.mark.clock)
            if not _reads_the_clock(item) and not item.get_closest_marker("at_latest"):
                item.add_marker(pytest.mark.in_turn)
        moment = _moment_of(item)
        if len(moments) > 1 and item.get_closest_marker("at_latest") and moment != max(moments):
            elsewhere.append(item)
        elif len(moments) > 1 and item.get_closest_marker("in_turn"):
            turn = (item.path, moment)
            if turns[turn] % len(moments) != moments.index(moment):  # type: ignore[arg-type]
                elsewhere.append(item)
            turns[turn] += 1
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in set(elsewhere)]


def _moments(item: pytest.Item) -> list[datetime]:
    """The moments that are asked for and concern the test."""
    alone = item.config.option.others_now and (
        _on_the_machines_clock(item) or not _depends_on_the_clock(item)
    )
    return [] if alone else item.config.stash[_MOMENTS]


def _on_the_machines_clock(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return item.get_closest_marker("machine_clock") is not None or not OTHER_PROCESSES.isdisjoint(names)


def _depends_on_the_clock(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_time"):
        return False
    if item.get_closest_marker("at_latest"):
        return True  # all of its file at one moment, or what they share would be made twice
    meets_database = item.get_closest_marker("django_db") is not None
    return (
        meets_database or not DATABASE.isdisjoint(getattr(item, "fixturenames", ())) or _reads_the_clock(item)
    )


def _reads_the_clock(item: pytest.Item) -> bool:
    function = item.getparent(pytest.Class) or item
    name = function.name if function is not item else getattr(item, "originalname", item.name)
    return name in readers(item.path)


# --- When -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def moment(request: pytest.FixtureRequest) -> datetime | None:
    """The moment of `--at`, None without it. A fixture that outlives a test asks for it, to be made anew at each."""
    found: datetime | None = getattr(request, "param", None)
    return found


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The test's own clock, to be set; before what depends on it is made."""
    clock = Clock()
    yield clock
    clock.stop()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Set the clock around the test with all its fixtures, those of a file or of the whole run included."""
    now = _now_for(item)
    late = past_midnight(now)
    if _on_the_machines_clock(item) or (late == now and not _moments(item)):
        return (yield)
    with set_to(late):
        return (yield)


def _now_for(item: pytest.Item) -> datetime:
    """What time it is: since its first test, a moment has gone on as time does."""
    global _current
    moment = _moment_of(item)
    if moment is None:
        return datetime.now(UTC)
    if _current[0] != moment:
        _current = moment, time.monotonic()
    return moment + timedelta(seconds=time.monotonic() - _current[1])


def _moment_of(item: pytest.Item) -> datetime | None:
    moments = _moments(item)
    given = item.callspec.params.get("moment") if hasattr(item, "callspec") else None
    return given or (moments[0] if moments else None)


def past_midnight(now: datetime) -> datetime:
    """`now`, or the midnight that comes within a minute."""
    soon = now.astimezone(UTC) + NEAR_MIDNIGHT
    midnight = soon.replace(minute=0, second=0, microsecond=0)
    return midnight.astimezone(ALMATY) if midnight.hour in MIDNIGHTS and now < midnight else now
