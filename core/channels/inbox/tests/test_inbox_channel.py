"""The inbox as a channel: for everybody with an account, and for nobody else."""

from core.channels.inbox import CHANNEL
from core.channels.protocol import Recipient


def test_it_is_there_for_people_of_the_portal_alone() -> None:
    assert CHANNEL.address_of(Recipient(key="user:1", language="en", user_id=1)) == ""
    assert CHANNEL.address_of(Recipient(key="patient:1", language="en", email="a@example.org")) is None
    assert CHANNEL.at_once
    assert CHANNEL.rank is None, "it stands in for nothing"
