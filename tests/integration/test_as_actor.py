"""Everything is read and written under an actor: jobs, pages as they must not be, and what stays of what fails.

That every page and operation does is seen where all are asked (test_url_matrix.py).
"""

from functools import partial
from types import ModuleType
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, path

from agreements import actions as agreements
from agreements.models import HANDED_OVER, AgreementVersion
from core.accounts import links
from core.accounts.factor_actions import new_recovery_codes
from core.accounts.middleware import actor_of, without_transaction
from core.accounts.models import User
from core.actors import SYSTEM, Actor
from core.audit.log import record
from core.audit.models import AuditRow
from core.db import action, as_actor, begin_anew, current_actor, keep, transaction_for
from core.errors import Invalid
from core.outbox import registry, work
from core.outbox.messages import DELIVERY
from core.outbox.models import Job, Message
from core.outbox.publish import publish
from core.walls.session import working
from facilities import events
from facilities.actions.asking import ask_to_confirm
from facilities.models import Country, Membership, PartnerClient, RoleRequest
from facilities.tasks import CALENDAR_MISSING
from patients.access import visible_patients
from patients.events import DIED, LOOKUPS_LOCKED, PATIENT_FACTS
from patients.models import Consent, LookupBudget
from portal.celery import app
from retention.events import ASKED, GRANTED
from retention.models import Erasure
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.merging import merge
from tests.factories.merging import record as record_of_one
from tests.integration.addresses import things
from tests.watching import views_of_nobody, watched

__all__ = ["things"]
pytestmark = pytest.mark.django_db


def clinician(world: World) -> Client:
    """A browser in which the Kazakh clinician is signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(world.users["clinician_kz"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_job_reads_and_writes_for_the_portal(world: World, things: dict[str, Any]) -> None:
    ran: set[str] = set()
    handlers = {
        name: registry.Handler(name, partial(_noting, ran, one), one.atomic, one.given_up)
        for name, one in registry._handlers.items()
    }
    app.loader.import_default_modules()
    tasks = [name for name in app.tasks if not name.startswith("celery.")]
    make.make_in_care(world)
    checked = make.make_in_review(world)
    with patch.dict(registry._handlers, handlers):
        with watched() as watch:
            work.drain()
        _lose_a_message()
        with transaction_for(SYSTEM):
            publish(PATIENT_FACTS, subject=checked.patient, by=SYSTEM)
            publish(DIED, subject=checked.patient, by=SYSTEM)
            nothing_known = {"year": 2040, "names": {"en": "Kazakhstan"}}
            publish(CALENDAR_MISSING, subject=checked.directing_country, payload=nothing_known, by=SYSTEM)
            _administer(things)
        with transaction_for(SYSTEM):
            publish(HANDED_OVER, subject=AgreementVersion.objects.get(number=2), by=SYSTEM)
        agreements.look_ahead("cis4-1998-care", 2, by=world.actor("officer_kz"))
        new_recovery_codes(user=world.users["officer_kz"], by=SYSTEM)
        merge(world, record_of_one(world), record_of_one(world))
        ask_to_confirm(facility_id=world.bishkek.pk, about=["contact"], by=world.actor("clinician_kz"))
        with watched() as more, working():
            work.drain()
            for name in tasks:
                app.tasks[name]()
    assert not watch.alone + more.alone
    assert min(watch.seen, more.seen) > 3
    assert ran == set(registry._handlers)
    assert set(tasks) >= {"outbox.run", "outbox.sweep", "referrals.expire_authorisations", "api.purge"}


def _noting(ran: set[str], handler: registry.Handler, event: Any, key: str) -> None:
    ran.add(handler.name)
    assert not handler.atomic or current_actor() == SYSTEM
    handler.run(event, key)


def _administer(things: dict[str, Any]) -> None:
    """Everything that is told of accounts, roles, partners' systems and look-ups."""
    user = User.objects.get(pk=things["person"])
    link = {"link": str(uuid4()), "purpose": "reset"}
    for kind, subject, payload in (
        (links.SENT, user, link),
        (links.PASSWORD_SET, user, {}),
        (links.EMAIL_CHANGED, user, {"before": "old@example.org"}),
        (events.ASKED, RoleRequest.objects.get(pk=things["role"]), {}),
        (events.REFUSED, RoleRequest.objects.get(pk=things["role"]), {}),
        (events.ENDED, Membership.objects.get(pk=things["member"]), {}),
        (events.CLIENT_MADE, PartnerClient.objects.get(pk=things["client"]), {}),
        ("consent.withdrawn", Consent.objects.get(pk=things["consent"]), {}),
        (ASKED, Erasure.objects.get(pk=things["erasure"]), {}),
        (GRANTED, Erasure.objects.get(pk=things["erasure"]), {}),
        (LOOKUPS_LOCKED, LookupBudget.objects.get(pk=things["budget"]), {}),
    ):
        publish(kind, subject=subject, payload=payload, by=SYSTEM)


def _lose_a_message() -> None:
    """Give a message to the patient up, as for a refused address."""
    message = Message.objects.filter(recipient__startswith="patient:").exclude(channel="").first()
    assert message is not None
    Message.objects.filter(pk=message.pk).update(sent_at=None)
    job = Job.objects.get(handler=DELIVERY, key=str(message.pk))
    with transaction_for(SYSTEM):
        registry.tell_given_up(DELIVERY, job.event, job.key, "failed")


@without_transaction
def alone(request: HttpRequest) -> HttpResponse:
    """A view as it must not be: it asks for patients outside of any transaction."""
    return HttpResponse(str(list(visible_patients(actor_of(request)))))


@action
def write_and_fail(*, by: Actor) -> None:
    record("test.failed", by=by)
    raise Invalid({"": ["No."]})


def write_twice(actor: Actor) -> None:
    """Write a row, and then one that the database refuses."""
    with as_actor(actor):
        assert current_actor() == actor
        write(by=actor)
        Country.objects.create(pk="KZ")


@action
def write(*, by: Actor) -> None:
    record("test.written", by=by)


def catches(request: HttpRequest) -> HttpResponse:
    """An action fails, and the page goes on: `?before=1` has written something else before."""
    actor = actor_of(request)
    if "before" in request.GET:
        write(by=actor)
    try:
        write_and_fail(by=actor)
    except Invalid:
        write(by=actor)
    return HttpResponse(f"{current_actor() == actor} {visible_patients(actor).count()}", status=422)


def breaks(request: HttpRequest) -> HttpResponse:
    """A page that has written, and fails as `?how=` says."""
    actor = actor_of(request)
    write(by=actor)
    keep(partial(record, "test.kept", by=actor))
    if request.GET["how"] == "refusal":
        raise Invalid({"": ["No."]})
    if request.GET["how"] == "database":
        Country.objects.create(pk="KZ")
    raise ValueError("broken")


@pytest.fixture
def planted(settings: Any) -> None:
    urls = ModuleType("urls_with_planted_views")
    urls.urlpatterns = [  # type: ignore[attr-defined]
        path("alone/", alone),
        path("catches/", catches),
        path("breaks/", breaks),
        *get_resolver().url_patterns,
    ]
    urls.handler404, urls.handler500 = "portal.web.errors.not_found", "portal.web.errors.server_error"  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urls


def written() -> list[str]:
    rows = AuditRow.objects.filter(action__startswith="test.").order_by("id")
    return list(rows.values_list("action", flat=True))


def test_a_view_without_a_transaction_is_found(world: World, planted: None) -> None:
    client = clinician(world)
    with watched() as watch, views_of_nobody() as nobody:
        client.get("/patients/")
        assert not watch.alone
        assert not nobody
        client.get("/alone/")
    assert "patients_patient" in watch.alone[0]
    assert nobody == [f"{__name__}.alone"]


@pytest.mark.parametrize(("query", "kept"), [("", 1), ("?before=1", 2)])
def test_a_failed_action_leaves_nothing_and_the_page_goes_on(
    world: World, planted: None, query: str, kept: int
) -> None:
    answer = clinician(world).get(f"/catches/{query}")
    assert (answer.status_code, answer.content) == (422, b"True 0")
    assert written() == ["test.written"] * kept
    assert current_actor() is None


@pytest.mark.parametrize(("how", "status"), [("refusal", 422), ("database", 500), ("fault", 500)])
def test_an_error_undoes_what_the_page_wrote_and_the_error_s_page_can_be_drawn(
    world: World, planted: None, how: str, status: int
) -> None:
    answer = clinician(world).get("/breaks/", {"how": how})
    assert answer.status_code == status
    # What a refusal must leave behind stays; the page that was drawn after it has asked for its own things.
    assert written() == ["test.kept"]
    if how == "refusal":
        assert "Messages" in answer.content.decode()


def test_a_page_that_is_not_there_asks_for_somebody_too(world: World) -> None:
    with watched() as watch:
        answer = clinician(world).get("/nothing-here/")
    assert answer.status_code == 404
    assert watch.seen
    assert not watch.alone


def test_actors_stand_in_one_another(world: World) -> None:
    one, other = world.actor("clinician_kz"), world.actor("officer_kz")
    assert current_actor() is None
    with as_actor(one):
        with CaptureQueriesContext(connection) as captured, as_actor(one):
            assert current_actor() == one
        assert not captured.captured_queries, "the same actor joins in for nothing"
        with pytest.raises(IntegrityError):
            write_twice(other)
        assert current_actor() == one
        assert written() == [], "another actor's part fails by itself"
        write(by=one)
        with pytest.raises(Invalid):
            write_and_fail(by=one)
        with pytest.raises(Invalid), transaction.atomic():
            write_and_fail(by=one)
    assert written() == ["test.written"]
    with pytest.raises(AssertionError):
        keep(partial(record, "test.kept", by=one))
    begin_anew()  # nothing to do


def test_the_first_action_of_a_request_needs_no_savepoint(world: World) -> None:
    actor = world.actor("clinician_kz")
    with as_actor(actor):
        with CaptureQueriesContext(connection) as first:
            write(by=actor)
        with CaptureQueriesContext(connection) as second:
            write(by=actor)
    assert len(first.captured_queries) == len(statements(first)) == 1
    assert [query["sql"].split()[0] for query in second.captured_queries] == [
        "SAVEPOINT",
        "INSERT",
        "RELEASE",
    ]


def test_what_is_kept_outlives_an_action_s_own_transaction(world: World) -> None:
    actor = world.actor("clinician_kz")

    @action
    def refuse(*, by: Actor) -> None:
        record("test.undone", by=by)
        keep(partial(record, "test.kept", by=by))
        raise Invalid({"": ["No."]})

    with pytest.raises(Invalid):
        refuse(by=actor)
    assert written() == ["test.kept"]
