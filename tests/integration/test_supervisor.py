"""`./dev demo` from outside: ready, kept, alone, and gone without a trace, however it ends."""

import email
import email.policy
import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest

from demo import children
from demo.crew import TOO_OFTEN, Crew, Member
from demo.errors import Stop
from tests.demonstration import Demo

ROOT = Path(__file__).resolve().parents[2]


# --- The crew ---------------------------------------------------------------------------------------------------------


def member(tmp_path: Path, name: str, code: str) -> Member:
    log = tmp_path / f"{name}.log"
    argv = [sys.executable, "-c", code]
    return Member(name, lambda: children.start(argv, env=os.environ, log=log), log, patience=5)


def told(order: Path, name: str) -> str:
    """A program that notes its name in `order` when it is asked to end."""
    return (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    open({str(order)!r}, 'a').write({name!r} + ' '); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )


def wait_until_up(crew: Crew) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not all(m.log.read_text() for m in crew.members):
        time.sleep(0.02)


def test_a_crew_stops_in_the_opposite_order(tmp_path):
    order = tmp_path / "order"
    crew = Crew(tmp_path / "children.json")
    for name in ("database", "broker", "web"):
        crew.add(member(tmp_path, name, told(order, name)))
    wait_until_up(crew)
    assert len(json.loads(crew.register.read_text())) == 3
    crew.stop()
    assert order.read_text().split() == ["web", "broker", "database"]
    assert not crew.register.exists()


def test_what_ends_by_itself_starts_again_until_it_is_too_often(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("demo.crew.time.sleep", lambda seconds: None)
    crew = Crew(tmp_path / "children.json")
    crew.add(member(tmp_path, "worker", "print('no memory'); raise SystemExit(3)"))

    def end_often() -> None:
        for _ in range(TOO_OFTEN):
            process = crew.members[0].process
            assert process
            process.wait()
            crew.mend()

    try:
        with pytest.raises(Stop, match="The worker keeps ending, so everything stops: no memory"):
            end_often()
        assert (
            capsys.readouterr().out.count("The worker ended (code 3) and is started again") == TOO_OFTEN - 1
        )
    finally:
        crew.stop()


def test_one_that_ends_at_the_start_says_why(tmp_path):
    crew = Crew(tmp_path / "children.json")
    crew.add(member(tmp_path, "web", "raise SystemExit('no such setting')"))
    process = crew.members[0].process
    assert process
    process.wait()
    with pytest.raises(Stop, match="The web did not start: no such setting"):
        crew.check()
    crew.stop()


def test_leftovers_of_a_killed_run_are_ended_and_strangers_are_not(tmp_path):
    crew = Crew(tmp_path / "children.json")
    # A shell's background job, and so the whole suite in one, is born ignoring SIGQUIT, and hands that on.
    stubborn = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); signal.signal(3, signal.SIG_DFL); "
        "print(1, flush=True); time.sleep(60)"
    )
    crew.add(member(tmp_path, "left", stubborn))
    wait_until_up(crew)
    left = crew.members[0].process
    assert left
    seen = {
        str(left.pid): children.started_at(left.pid),
        str(os.getpid()): "1",
    }  # our pid, another's start time
    children.end_leftovers(seen, patience=0.2)
    assert left.wait(5) == -signal.SIGQUIT
    crew.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent’s death")
def test_no_child_outlives_a_killed_parent(tmp_path):
    log = tmp_path / "log"
    code = (
        "import os, sys, time; from pathlib import Path; from demo import children\n"
        "child = children.start(['sleep', '60'], env=os.environ, log=Path(sys.argv[1]))\n"
        "print(child.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(log)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert children.started_at(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while children.started_at(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children.started_at(pid) == ""


# --- The mail box -----------------------------------------------------------------------------------------------------


def test_mail_is_kept_as_files_and_a_burst_does_not_flood_the_terminal(tmp_path):
    listener = socket.create_server(("127.0.0.1", 0))
    folder, log = tmp_path / "mail", tmp_path / "log"
    argv = [sys.executable, "-m", "demo.mailbox", str(listener.fileno()), str(folder)]
    box = children.start(argv, env=os.environ, log=log, pass_fds=[listener.fileno()], cwd=ROOT)
    try:
        with smtplib.SMTP("127.0.0.1", listener.getsockname()[1], timeout=30) as client:
            for number in range(20):
                message = EmailMessage()
                message["Subject"] = f"Направление {number}"
                message.set_content("https://portal.example/")
                client.send_message(message, "portal@example.org", [f"../../officer{number}@example.org"])
    finally:
        children.stop(box, signal.SIGTERM, 10)
        listener.close()
    files = sorted(folder.glob("*.eml"))
    assert len(files) == 20
    assert (
        email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)["Subject"]
        == "Направление 0"
    )
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "  Mail to ../../officer0@example.org: Направление 0"
    assert len(lines) == 6
    assert box.returncode == 0


# --- The whole demonstration ------------------------------------------------------------------------------------------


@pytest.mark.drill
@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_demonstration_s_whole_life(demo: Demo) -> None:
    if demo.process is None:
        pytest.skip("it would end a demonstration that somebody else runs")
    text = demo.output.read_text(encoding="utf-8")
    assert re.search(rf"^READY {re.escape(demo.url)}$", text, re.MULTILINE)
    assert demo.credentials_file.stat().st_mode & 0o777 == 0o600
    for person in {
        (one["role"], one["country"]): one for one in reversed(demo.credentials["people"])
    }.values():
        assert person["username"] in text
    with urllib.request.urlopen(f"{demo.url}/readyz") as answer:
        assert answer.status == 200

    second = demo.run("demo")
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.startswith("dev: The demonstration already runs from this checkout")
    counted = demo.run("manage", "shell", "-v0", "-c", COUNT)
    assert counted.returncode == 0, counted.stderr
    assert int(counted.stdout) >= 60

    demo.process.kill()
    demo.process.wait()
    assert demo.all_gone(), demo.processes()

    assert "READY" in demo.start()
    again = demo.run("manage", "shell", "-v0", "-c", COUNT)
    assert again.stdout == counted.stdout, "a kill and a second start keep the data"
    assert demo.stop() == 0
    assert "Everything is stopped" in demo.output.read_text(encoding="utf-8")
    assert demo.all_gone(2), demo.processes()


COUNT = "from referrals.models import Referral; print(Referral.objects.count())"
