"""The health checks of the processes, and the signs of life that they look at."""

import http.server
import os
import threading
import time

import pytest

from portal import health, heartbeat


@pytest.fixture
def state(monkeypatch, tmp_path):
    monkeypatch.setenv("STATE_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.machine_clock  # the sign of life is a file’s time, which the kernel gives
@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_process_is_well_while_it_gives_signs_of_life(state, capsys, name):
    assert health.main([name]) == 1
    assert "has given no sign of life" in capsys.readouterr().err
    heartbeat.touch(name)
    assert health.main([name]) == 0
    long_ago = time.time() - 90
    os.utime(health.heartbeat_file(name), (long_ago, long_ago))
    assert health.main([name]) == 1
    assert "90 seconds old" in capsys.readouterr().err


def test_a_sign_of_life_on_a_full_disk_ends_nothing(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("STATE_DIR", str(blocked))
    heartbeat.touch("beat")
    assert health.main(["beat"]) == 1


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_web_check_asks_under_the_public_name(state, monkeypatch, status, code):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["Host"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        monkeypatch.setenv("WEB_BIND", f"0.0.0.0:{server.server_port}")
        monkeypatch.setenv("PUBLIC_URL", "https://portal.example")
        assert health.main(["web"]) == code
    assert asked == [("/healthz", "portal.example")]


def test_nobody_there_is_told(state, monkeypatch, capsys):
    monkeypatch.setenv("WEB_BIND", "127.0.0.1:9")
    assert health.main(["web"]) == 1
    assert "does not answer" in capsys.readouterr().err
    assert health.main([]) == 1
