"""`--at`: the tests at another moment. What passes only on some days is caught by the moments of `.ci/run`."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.clock import ALMATY, SUNDAY, WEDNESDAY, Clock, days_ago, set_to
from tests.moments import past_midnight

ROOT = Path(__file__).resolve().parents[2]
BISHKEK = ZoneInfo("Asia/Bishkek")
OF_CI = re.findall(r"^ +--at (\S+)", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
SUNDAY_, NEW_YEAR, NIGHT = OF_CI[1:]
A_SUNDAY = SUNDAY.isoformat(timespec="minutes")

#: Each of these passes on most days; which of them fail when, is known.
PLANTED = """
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

def here(hours):
    return datetime.now(timezone(timedelta(hours=hours))).date()

@pytest.fixture(scope="module")
def kept(moment):
    return here(5)

def test_on_working_days_only():
    assert here(5).weekday() < 5

def test_not_on_a_leap_day():
    here(5).replace(year=here(5).year + 1)

def test_where_almaty_and_bishkek_agree():
    assert here(5) == here(6)

def test_where_almaty_and_utc_agree():
    assert here(5) == datetime.now(UTC).date()

def test_in_one_year():
    assert (here(5) + timedelta(days=1)).year == here(5).year

def test_on_any_day(kept, clock):
    assert kept == here(5)
    clock.set(datetime(2026, 12, 6, tzinfo=UTC))
    assert here(0).weekday() == 6

@pytest.mark.in_turn
@pytest.mark.parametrize("case", range(7))
def test_a_costly_table(case):
    assert here(0)

def test_of_no_day(tmp_path):
    pass

@pytest.mark.at_latest
def test_on_what_is_costly_to_make():
    assert here(0)

@pytest.mark.any_time
def test_of_the_weather():
    pass

@pytest.mark.machine_clock
def test_by_another_process():
    raise AssertionError("its clock isn't ours")
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Pytest with the plugin alone on the planted tests: no database, no server."""
    file = folder / "test_planted.py"
    file.write_text(PLANTED, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    alone = ["-p", "tests.moments", "-p", "no:cacheprovider", "-c", str(folder / "pytest.ini"), "-ra", "-v"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *alone, *arguments, str(file)],
        cwd=ROOT,
        env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def failures(output: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^FAILED \S*::(\w+)\[(\S+)\]", output, re.MULTILINE))


def test_the_moments_of_ci_are_what_they_are_said_to_be() -> None:
    wednesday, sunday, new_year, night = (datetime.fromisoformat(text) for text in OF_CI)
    assert wednesday == WEDNESDAY
    assert [day.isoweekday() for day in (wednesday, sunday, SUNDAY)] == [3, 7, 7]
    assert f"{sunday.astimezone(ALMATY):%d.%m. %H:%M}" == "29.02. 12:00"
    assert f"{new_year.astimezone(ALMATY):%d.%m. %H:%M}" == "31.12. 23:30"
    assert f"{new_year.astimezone(UTC):%H:%M} {new_year.astimezone(BISHKEK):%d.%m.}" == "18:30 01.01."
    assert f"{night:%H:%M} {night:%d.%m.} {night.astimezone(ALMATY):%d.%m.}" == "20:30 15.12. 16.12."


def test_a_planted_weekday_is_caught_at_the_moments_of_ci(tmp_path: Path) -> None:
    moments = [argument for text in OF_CI for argument in ("--at", text)]
    done = run(tmp_path, "-m", "clock", *moments)
    assert done.returncode == 1
    assert failures(done.stdout) == {
        ("test_on_working_days_only", SUNDAY_),
        ("test_not_on_a_leap_day", SUNDAY_),
        ("test_where_almaty_and_bishkek_agree", NEW_YEAR),
        ("test_where_almaty_and_utc_agree", NIGHT),
        ("test_in_one_year", NEW_YEAR),
    }
    cases = re.findall(r"test_a_costly_table\[(\S+)-(\d)\] PASSED", done.stdout)
    assert sorted(case for _moment, case in cases) == list("0123456"), "each case at one of the moments"
    assert {moment for moment, _case in cases} == set(OF_CI)
    assert re.findall(r"test_on_what_is_costly_to_make\[(\S+)\] PASSED", done.stdout) == [SUNDAY_]
    assert done.stdout.count("test_on_any_day") == len(OF_CI)
    assert "test_of_the_weather" not in done.stdout
    assert "test_of_no_day" not in done.stdout
    assert "test_by_another_process" not in done.stdout


def test_what_does_not_depend_on_the_clock_is_run_once_beside_the_moments(tmp_path: Path) -> None:
    moments = [argument for text in OF_CI for argument in ("--at", text)]
    done = run(tmp_path, "--others-now", *moments)
    names = re.findall(r"::(test_\w+)(\[\S+\])? (?:PASSED|FAILED)", done.stdout)
    once = [name for name, moment in names if not moment]
    assert sorted(once) == ["test_by_another_process", "test_of_no_day", "test_of_the_weather"]
    assert [name for name, _moment in names].count("test_on_any_day") == len(OF_CI)
    assert "SKIPPED" not in done.stdout


def test_one_moment_leaves_the_names_and_skips_what_it_cannot_move(tmp_path: Path) -> None:
    done = run(tmp_path, "--at", A_SUNDAY)
    assert re.findall(r"^FAILED \S*::(\S+)", done.stdout, re.MULTILINE) == ["test_on_working_days_only"]
    assert re.search(r"^SKIPPED \[1\] .*which --at doesn’t set$", done.stdout, re.MULTILINE)
    assert f"clock: set to {A_SUNDAY}" in done.stdout
    assert "1 failed, 15 passed, 1 skipped" in done.stdout


@pytest.mark.parametrize(
    "text", ["soon", "2028-02-30T10:00+05:00", "2028-02-29T23:40", "2028-02-29", "1900-01-01T00Z"]
)
def test_what_is_no_moment_is_one_sentence(tmp_path: Path, text: str) -> None:
    done = run(tmp_path, "--at", text)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.strip() == (
        f"ERROR: --at: “{text}” is no moment from 2000 to 2199 with its offset from UTC, "
        "such as 2028-02-29T23:40+05:00."
    )


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-12-02T18:58:59+00:00", "2026-12-02T18:58:59+00:00"),
        ("2026-12-02T18:59:30+00:00", "2026-12-02T19:00:00+00:00"),
        ("2026-12-31T23:59:59+05:00", "2027-01-01T00:00:00+05:00"),
        ("2026-12-31T23:59:30+06:00", "2027-01-01T00:00:00+06:00"),
        ("2026-12-31T23:59:30+00:00", "2027-01-01T00:00:00+00:00"),
        ("2026-12-31T16:59:30+00:00", "2026-12-31T16:59:30+00:00"),
    ],
)
def test_no_test_begins_just_before_a_midnight(now: str, then: str) -> None:
    assert past_midnight(datetime.fromisoformat(now)) == datetime.fromisoformat(then)


def test_a_clock_is_set_stands_still_goes_on_and_back() -> None:
    before, zone = datetime.now(UTC), datetime.now().astimezone().tzinfo
    with set_to(SUNDAY, still=True) as clock:
        assert datetime.now(UTC) == clock.now == SUNDAY
        clock.go_on(timedelta(hours=2))
        assert datetime.now(UTC) == SUNDAY + timedelta(hours=2)
        with days_ago(10):
            since = datetime.now(UTC) - (SUNDAY + timedelta(hours=2) - timedelta(days=10))
            assert timedelta(0) <= since < timedelta(seconds=5), "which runs on"
        assert clock.now == SUNDAY + timedelta(hours=2)
        assert str(datetime.now().astimezone().tzinfo) == str(zone), "the zone of the process stays"
    assert before <= datetime.now(UTC) < before + timedelta(minutes=1)
    clock = Clock()
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert datetime.now(UTC).year == 2020
    clock.stop()
    assert datetime.now(UTC) >= before
