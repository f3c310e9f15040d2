"""Which day a moment belongs to: the portal's own, in whatever zone the moment is written."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Invalid
from referrals import actions
from tests.clock import Clock
from tests.factories import referrals as make
from tests.factories.facilities import World

NIGHT = datetime(2027, 12, 15, 20, 30, tzinfo=UTC)  # 16 December in Almaty


def test_an_agreement_holds_from_its_first_hour(clock: Clock, world: World) -> None:
    clock.set(NIGHT)
    draft = make.make_draft(world)
    agreement = make.make_agreement()
    make.change_version(agreement, in_force_from=datetime(2027, 12, 17).date())
    with pytest.raises(Invalid) as refused:
        actions.submit(draft.pk, by=world.actor("clinician_kz"))
    assert set(refused.value.fields) == {"host_facility"}
    make.change_version(agreement, in_force_from=datetime(2027, 12, 16).date())
    assert actions.submit(draft.pk, by=world.actor("clinician_kz")).state == "submitted"


def test_an_offer_for_the_same_night_is_not_in_the_past(clock: Clock, world: World) -> None:
    clock.set(NIGHT)
    referral = make.make_sent(world)
    desk, hour = world.actor("host_desk_kg"), timedelta(hours=1)
    yesterday = NIGHT - 3 * hour  # still 15 December in Almaty
    with pytest.raises(Invalid) as refused:
        actions.accept(referral.pk, by=desk, starts_at=yesterday, ends_at=NIGHT + hour)
    assert set(refused.value.fields) == {"starts_at"}
    assert "past" in str(refused.value.fields["starts_at"])
    assert (
        actions.accept(referral.pk, by=desk, starts_at=NIGHT + hour, ends_at=NIGHT + 9 * hour).state
        == "accepted"
    )
