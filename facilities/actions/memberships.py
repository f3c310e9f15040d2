"""Who works where, and as what: roles are asked for, confirmed by a second person, and ended."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import get_access_token_model

from core.accounts.links import end_links, send_link
from core.accounts.models import User
from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid, NotKnown
from core.kept.models import KeptText
from core.kept.store import drop_lost
from core.outbox.publish import publish
from core.permissions import Role, needs_second_person
from facilities import administrators
from facilities.actions.rules import require_administrator
from facilities.events import ASKED, ENDED, GIVEN, REFUSED
from facilities.models import Membership, Organisation, RoleRequest
from facilities.models.people import ROLE_KINDS

#: How long a role waits for its second person.
WAITS = timedelta(days=7)
Outcome = RoleRequest.Outcome


@action
def grant_membership(*, user_id: int, organisation_id: int, role: Role, by: Actor) -> Membership:
    """Give a role at once: for the portal itself, from the command line. People ask, by `ask_for_role`.

    Raises Denied, NotKnown for an organisation that doesn't exist, Invalid for a role that its kind hasn't.
    """
    if not by.is_system:
        raise Denied()
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotKnown()
    _check_role(organisation, role)
    return _give(user_id, organisation, role, by)


@action
def ask_for_role(*, user_id: int, organisation_id: int, role: Role, by: Actor) -> RoleRequest:
    """Ask that somebody be given a role. Where one person is enough, it is given with that.

    A request that waits already is given back as it is. Raises Denied for anybody but an administrator and for one's
    own account, NotKnown for an organisation that the actor doesn't administer, Invalid by field.
    """
    user, organisation = _checked(user_id, organisation_id, role, by)
    now = timezone.now()
    same = RoleRequest.objects.select_for_update().filter(
        user=user, organisation=organisation, role=role, outcome=""
    )
    if waiting := same.filter(expires_at__gt=now).first():
        return waiting
    for over in same:
        _close(over, Outcome.EXPIRED, None)
    asked = RoleRequest.objects.create(
        user=user,
        organisation=organisation,
        role=role,
        asked_at=now,
        asked_by_id=by.user_id or 0,
        asked_for_id=by.organisation_id or 0,
        expires_at=now + WAITS,
    )
    _record("membership.ask", asked, by)
    if needs_second_person(role):
        publish(ASKED, subject=asked, by=by)
    else:
        _take_effect(asked, by)
    return asked


def check_asking(*, user_id: int, organisation_id: int, role: Role, by: Actor) -> None:
    """Raise what `ask_for_role` would raise: for a form that wants to say so beside its fields."""
    _checked(user_id, organisation_id, role, by)


def _checked(user_id: int, organisation_id: int, role: Role, by: Actor) -> tuple[User, Organisation]:
    require_administrator(by)
    organisation = Organisation.objects.filter(pk=organisation_id, active=True).first()
    if organisation is None or by.user_id is None or not administrators.may_administer(by, organisation.pk):
        raise NotKnown()
    if user_id == by.user_id:
        raise Denied(_("Nobody gives a role to themselves."), code="own_account")
    _check_role(organisation, role)
    user = User.objects.filter(pk=user_id).first()
    if user is None or not user.is_active:
        raise Invalid({"user": [_("This account is closed.")]})
    if Membership.objects.filter(user=user, organisation=organisation, role=role, active=True).exists():
        raise Invalid({"role": [_("This person has this role already.")]})
    return user, organisation


def _check_role(organisation: Organisation, role: Role) -> None:
    if organisation.kind not in ROLE_KINDS[role]:
        raise Invalid({"role": [_("This organisation has no such role.")]})


@action
def confirm_role(*, request_id: int, by: Actor) -> RoleRequest:
    """Give the role that another administrator asked for.

    Raises NotKnown, Denied for who asked, whom it concerns or who isn't of the right body, IllegalTransition when it
    doesn't wait any more or who asked is no administrator now.
    """
    asked = _locked(request_id, by)
    still = administrators.administrators().filter(
        user_id=asked.asked_by_id, organisation_id=asked.asked_for_id
    )
    if not still.exists() or not asked.user.is_active or not asked.organisation.active:
        raise IllegalTransition(
            _("Who asked, the person or the organisation has ended since. Refuse this request."),
            code="no_ground",
        )
    _record("membership.confirm", asked, by)
    _take_effect(asked, by)
    return asked


@action
def refuse_role(*, request_id: int, by: Actor) -> RoleRequest:
    """Refuse the role; who asked for it withdraws it by the same. Raises what `confirm_role` does."""
    own = RoleRequest.objects.filter(pk=request_id, asked_by_id=by.user_id, asked_for_id=by.organisation_id)
    withdrawn = by.user_id is not None and own.exists()
    asked = _locked(request_id, by, withdrawing=withdrawn)
    _close(asked, Outcome.WITHDRAWN if withdrawn else Outcome.REFUSED, by)
    _record("membership.withdraw" if withdrawn else "membership.refuse", asked, by)
    publish(REFUSED, subject=asked, by=by)
    return asked


def _locked(request_id: int, by: Actor, *, withdrawing: bool = False) -> RoleRequest:
    require_administrator(by)
    asked = (
        RoleRequest.objects.select_for_update(of=("self",))
        .select_related("user", "organisation")
        .filter(pk=request_id)
        .first()
    )
    if asked is None:
        raise NotKnown()
    if not withdrawing and by.user_id in {asked.asked_by_id, asked.user_id}:
        raise Denied(_("This takes a second person."), code="second_person")
    if not withdrawing and not administrators.is_second_person(by, asked):
        raise Denied() if administrators.may_administer(by, asked.organisation_id) else NotKnown()
    if asked.outcome or asked.expires_at <= timezone.now():
        raise IllegalTransition(_("This request doesn’t wait any more."), code="over")
    return asked


@action
def end_membership(*, membership_id: int, by: Actor) -> None:
    """End a role; the row stays. The organisation's administrators and the operator's, never for themselves.

    With it end the person's sessions, links and tokens at once. Raises Denied or NotKnown.
    """
    require_administrator(by)
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation", "user")
        .filter(pk=membership_id)
        .first()
    )
    if membership is None or not administrators.may_administer(by, membership.organisation_id):
        raise NotKnown()
    if membership.user_id == by.user_id:
        raise Denied(_("Nobody changes what their own account may do."), code="own_account")
    if membership.active:
        _end(membership, by)
        membership.user.end_sessions()
        end_links(membership.user_id)


def end_all(*, user: User, by: Actor) -> None:
    """End every role of an account that is closed or opened again, in the transaction that does it."""
    held = Membership.objects.select_for_update(of=("self",)).filter(user=user, active=True)
    for membership in held.select_related("organisation", "user").order_by("pk"):
        _end(membership, by)
    _withdraw(RoleRequest.objects.filter(user=user), by)


def _end(membership: Membership, by: Actor) -> None:
    membership.active, membership.ended_at = False, timezone.now()
    membership.save(update_fields=["active", "ended_at"])
    # What they typed in this role is nobody's any more.
    drop_lost(KeptText.objects.filter(owner_id=membership.user_id))
    get_access_token_model().objects.filter(user_id=membership.user_id).delete()
    here = RoleRequest.objects.filter(organisation=membership.organisation_id)
    _withdraw(here.filter(user=membership.user_id), by)
    if membership.role == Role.ADMINISTRATOR:
        asked = RoleRequest.objects.filter(asked_by=membership.user_id, asked_for=membership.organisation_id)
        _withdraw(asked, by)
    _record("membership.end", membership, by)
    publish(ENDED, subject=membership, by=by)


def _withdraw(requests: Any, by: Actor) -> None:
    waiting = requests.filter(outcome="").select_related("organisation").select_for_update(of=("self",))
    for asked in waiting.order_by("pk"):
        _close(asked, Outcome.WITHDRAWN, None)
        _record("membership.withdraw", asked, by)


def _take_effect(asked: RoleRequest, by: Actor) -> None:
    _close(asked, Outcome.GIVEN, by)
    _give(asked.user_id, asked.organisation, Role(asked.role), by)
    publish(GIVEN, subject=asked, by=by)
    if not asked.user.has_usable_password() and asked.user.email:
        send_link(user_id=asked.user_id, by=by)


def _close(asked: RoleRequest, outcome: str, by: Actor | None) -> None:
    asked.outcome, asked.decided_at = outcome, timezone.now()
    asked.decided_by_id = by.user_id if by else None
    asked.save(update_fields=["outcome", "decided_at", "decided_by"])


def _give(user_id: int, organisation: Organisation, role: Role, by: Actor) -> Membership:
    membership, _created = Membership.objects.update_or_create(
        user_id=user_id,
        organisation=organisation,
        role=role,
        defaults={"active": True, "since": timezone.now(), "ended_at": None},
    )
    _record("membership.grant", membership, by)
    return membership


def _record(what: str, about: Membership | RoleRequest, by: Actor) -> None:
    organisation = about.organisation
    audit.record(
        what,
        by=by,
        subject=about,
        country=organisation.country_id or "",
        details={"user": about.user_id, "organisation": organisation.code, "role": about.role},
    )
