"""Channels are found by their folders: a new one costs a folder and nothing else."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import core.channels
from core.channels import Recipient, channels, label_of, labels, registry
from core.outbox.messages import _ways

PIGEON = '''
"""Carrier pigeons, for who has no other address."""

class Pigeon:
    name = "pigeon"
    label = "Carrier pigeon"
    rank = 9
    at_once = False

    def address_of(self, person):
        return person.key

    def send(self, letter):
        pass

    def check(self):
        return ()

CHANNEL = Pigeon()
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder beside those of the real channels."""
    found = tmp_path / "pigeon"
    found.mkdir()
    monkeypatch.setattr(core.channels, "__path__", [*core.channels.__path__, str(tmp_path)])
    channels.cache_clear()
    yield found
    channels.cache_clear()
    for name in [name for name in sys.modules if name.startswith("core.channels.pigeon")]:
        del sys.modules[name]


def test_a_new_channel_is_one_folder(folder: Path) -> None:
    (folder / "__init__.py").write_text(PIGEON, "utf-8")
    assert list(channels()) == ["email", "inbox", "pigeon", "sms"]
    assert ("pigeon", "Carrier pigeon") in labels()
    assert label_of("pigeon") == "Carrier pigeon"
    assert label_of("gone") == "gone"
    nobody = Recipient(key="patient:1", language="en")
    assert list(_ways(nobody)) == [("pigeon", "patient:1")], "where no better channel has an address"
    assert list(_ways(Recipient(key="p", language="en", phone="+7"))) == [("sms", "+7")]


def test_its_settings_are_read_with_the_others(folder: Path) -> None:
    (folder / "__init__.py").write_text(PIGEON, "utf-8")
    (folder / "environment.py").write_text(
        "def read(env, *, production, state_dir):\n    return {'PIGEONS': 3}\n", "utf-8"
    )
    import environ

    found = registry.read_settings(environ.Env(), production=False, state_dir=folder)
    assert found["PIGEONS"] == 3
    assert "SMS_BACKEND" in found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("    rank = 9\n", ""), "lacks rank"),
        (("    def send", "    def sent"), "lacks send"),
        (('name = "pigeon"', 'name = "dove"'), "calls itself 'dove'"),
    ],
)
def test_a_forgotten_part_fails_when_the_channels_are_found(
    folder: Path, change: tuple[str, str], words: str
) -> None:
    (folder / "__init__.py").write_text(PIGEON.replace(*change), "utf-8")
    with pytest.raises(TypeError, match=words):
        channels()


def test_who_is_told_how() -> None:
    staff = Recipient(key="user:1", language="en", user_id=1, email="a@example.org", phone="+7")
    assert sorted(_ways(staff)) == [("email", "a@example.org"), ("inbox", "")]
    both = Recipient(key="patient:1", language="en", email="b@example.org", phone="+7")
    assert list(_ways(both)) == [("email", "b@example.org")]
    assert list(_ways(Recipient(key="patient:2", language="en"))) == [("", "")]
    assert list(_ways(Recipient(key="user:2", language="en", user_id=2))) == [("inbox", "")]
