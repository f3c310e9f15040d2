"""The road of the floor with a machine that is no referral: a parcel, and its seal that moves under the same lock."""

from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from core import road
from core.actors import Actor
from core.audit.models import AuditRow
from core.db import transaction_for
from core.errors import Denied, IllegalTransition, NotKnown, Stale
from core.outbox.models import Event
from core.permissions import Role
from core.road import Machine, Moved, Transition
from core.walls.roles import WEB, WORKER

pytestmark = pytest.mark.django_db
SENDER = Actor("person", "1", "Test sender", frozenset({Role.CLINICIAN}), 7, "Test post", "KZ", user_id=1)
CARRIER = Actor("person", "2", "Test carrier", frozenset({Role.HOST_DESK}), 8, "Test van", "KZ", user_id=2)
STRANGER = Actor("person", "3", "Test stranger", frozenset({Role.CLINICIAN}), 9, "", "UZ", user_id=3)


class Is(StrEnum):
    PACKED = "packed"
    ON_ITS_WAY = "on_its_way"
    LOST = "lost"
    WHOLE = "whole"
    BROKEN = "broken"


class Deed(StrEnum):
    SEND = "send"
    LOSE = "lose"
    BREAK = "break"


def row(event: Deed, source: Is, target: Is, party: str) -> dict[StrEnum, Transition]:
    return {event: Transition(event, frozenset({source}), target, frozenset({party}))}  # type: ignore[arg-type]


def parties(actor: Actor, parcel: Any) -> frozenset[str]:
    return frozenset({"sender"} if Role.CLINICIAN in actor.roles else {"carrier"})


@pytest.fixture
def post(db: None) -> Any:
    """Both machines on real tables, which the test's transaction takes away again."""
    with isolate_apps("tests"):

        class Thing(models.Model):
            class Meta:
                abstract = True
                app_label = "tests"

            def __str__(self) -> str:
                return str(self.pk)

        class Parcel(Thing):
            country = models.CharField(max_length=2)
            where = models.CharField(max_length=20, default=Is.PACKED)
            revision = models.IntegerField(default=1)
            touched_at = models.DateTimeField(auto_now=True)
            left_at = models.DateTimeField(null=True)

        class Seal(Thing):
            parcel = models.OneToOneField(Parcel, models.CASCADE, related_name="seal")
            state = models.CharField(max_length=20, default=Is.WHOLE)

        class Trace(Thing):
            parcel = models.ForeignKey(Parcel, models.CASCADE)
            text = models.CharField(max_length=100)

        with connection.schema_editor() as editor:
            for model in (Parcel, Seal, Trace):
                editor.create_model(model)
                # As of any table that somebody has declared.
                editor.execute(f"GRANT ALL ON {model._meta.db_table} TO {WEB}, {WORKER}")

        def trace(parcel: Any, moved: Moved[Any]) -> Any:
            text = f"{moved.event}: {moved.before} → {moved.after}, {moved.by.label}, {moved.reason_code}"
            return Trace(parcel=parcel, text=text)

        def settle(parcel: Any, at: Any) -> None:
            parcel.left_at = at if parcel.where == Is.ON_ITS_WAY else parcel.left_at

        parcel = Machine(
            name="parcel",
            model=Parcel,
            table=row(Deed.SEND, Is.PACKED, Is.ON_ITS_WAY, "sender")
            | row(Deed.LOSE, Is.ON_ITS_WAY, Is.LOST, "carrier"),
            parties=parties,
            not_now=lambda state: f"It is {state}.",
            history=lambda moved: trace(moved.row, moved),
            country=lambda parcel: parcel.country,
            visible=lambda actor: Parcel.objects.filter(country=actor.country),
            joined=("seal",),
            settle=settle,
            state="where",
            version="revision",
        )
        seal = Machine(
            name="seal",
            model=Seal,
            table=row(Deed.BREAK, Is.WHOLE, Is.BROKEN, "carrier"),
            parties=lambda actor, seal: parties(actor, seal.parcel),
            not_now=lambda state: f"The seal is {state}.",
            history=lambda moved: trace(moved.row.parcel, moved),
            country=lambda seal: seal.parcel.country,
            subject=lambda seal: seal.parcel,
            version="revision",
        )
        one = Parcel.objects.create(country="KZ")
        Seal.objects.create(parcel=one)
        yield SimpleNamespace(
            parcel=parcel, seal=seal, key=one.pk, traces=Trace.objects, parcels=Parcel.objects
        )


def left_behind(post: Any) -> tuple[list[str], list[str], list[str], tuple[str, int]]:
    """The history, the audit log, the outbox, and the row itself."""
    audit = AuditRow.objects.filter(subject_type="tests.parcel", subject_id=str(post.key)).order_by("id")
    events = Event.objects.filter(subject_type="tests.parcel", subject_id=str(post.key)).order_by("id")
    present = post.parcels.get(pk=post.key)
    return (
        list(post.traces.order_by("id").values_list("text", flat=True)),
        [f"{one.action} {one.country} {one.actor_label}" for one in audit],
        [f"{one.kind} {one.payload['to']} {one.payload['version']}" for one in events],
        (present.where, present.revision),
    )


def test_a_machine_that_is_no_referral_takes_the_whole_road(post: Any) -> None:
    nothing = left_behind(post)
    assert nothing == ([], [], [], ("packed", 1))
    with pytest.raises(NotKnown):
        road.lock(post.parcel, post.key, by=STRANGER)
    with pytest.raises(NotKnown):
        road.lock(post.parcel, "no key", by=SENDER)
    with pytest.raises(Stale):
        road.lock(post.parcel, post.key, by=SENDER, version=7)
    parcel = road.lock(post.parcel, str(post.key), by=SENDER, version=1)
    with pytest.raises(Denied) as denied:
        road.move(post.parcel, parcel, Deed.SEND, by=CARRIER)
    assert denied.value.code == "denied"
    with pytest.raises(IllegalTransition, match="It is packed"):
        road.move(post.parcel, parcel, Deed.LOSE, by=CARRIER)
    assert left_behind(post) == nothing

    trace = road.move(post.parcel, parcel, Deed.SEND, by=SENDER, reason_code="asked")
    assert trace.text == "send: packed → on_its_way, Test sender, asked"
    assert parcel.left_at is not None
    assert left_behind(post) == (
        [trace.text],
        ["parcel.send KZ Test sender"],
        ["parcel.send on_its_way 2"],
        ("on_its_way", 2),
    )


def test_a_part_moves_under_the_lock_and_the_version_of_the_whole(post: Any) -> None:
    parcel = road.lock(post.parcel, post.key, by=CARRIER)
    before = parcel.touched_at
    with pytest.raises(AssertionError, match="under another lock"):
        road.lock(post.seal, parcel.seal.pk, by=CARRIER)
    with pytest.raises(Denied):
        road.move(post.seal, parcel.seal, Deed.BREAK, by=SENDER)
    road.move(post.seal, parcel.seal, Deed.BREAK, by=CARRIER)
    history, audit, events, present = left_behind(post)
    assert history == ["break: whole → broken, Test carrier, "]
    assert (audit, events) == (["seal.break KZ Test carrier"], ["seal.break broken 2"])
    assert present == ("packed", 2)
    assert post.parcels.get(pk=post.key).touched_at > before
    with pytest.raises(IllegalTransition, match="The seal is broken"):
        road.move(post.seal, parcel.seal, Deed.BREAK, by=CARRIER)


def test_the_road_costs_a_statement_for_each_of_its_steps(post: Any) -> None:
    with CaptureQueriesContext(connection) as queries, transaction_for(CARRIER):
        parcel = road.lock(post.parcel, post.key, by=CARRIER)
        road.move(post.seal, parcel.seal, Deed.BREAK, by=CARRIER)
    said = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert said == ["SELECT", "UPDATE", "UPDATE", "INSERT", "INSERT", "INSERT"]
    assert "FOR UPDATE" in queries[1]["sql"]
