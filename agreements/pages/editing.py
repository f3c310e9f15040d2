"""Keeping the register in the browser: plain forms for each part of a draft, and what is done with a version."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agreements import access, actions
from agreements.chains import MOST_CHAINS, MOST_STAGES, Chain
from agreements.forms.chains import ChainForm, StageForm
from agreements.forms.terms import RulesForm, TermsForm, VersionForm
from agreements.models import AgreementVersion
from agreements.pages.register import page_of, title
from core.accounts.second_factor import ask_fresh
from core.actors import Actor
from core.errors import Denied, IllegalTransition, Invalid, NotKnown, Stale
from core.kept.desk import fill, keeps_text

TITLES = {
    "terms": gettext_lazy("Dates, scope and source"),
    "rules": gettext_lazy("The rules"),
}
_FORMS: dict[str, type[VersionForm]] = {"terms": TermsForm, "rules": RulesForm}
_LIMITS = {"asap": {"hours": 24}, "urgent": {"working_days": 3}, "routine": {"working_days": 15}}


def _new_stage() -> dict[str, Any]:
    """A stage before anybody said anything of it: the directing ministry with the usual limits."""
    return {"name": {"en": "Directing ministry"}, "side": "directing", "body": "ministry", "limits": _LIMITS}


def _draft(request: HttpRequest, code: str, number: int) -> AgreementVersion:
    """A draft that the reader may change."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_version(actor, code, number)
    if not access.concerns(actor, found):
        raise Denied()
    if not found.is_open:
        raise IllegalTransition(actions.NOT_OPEN)
    return found


@require_POST
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a new version, or go on with the one in work."""
    made = actions.draft(code, by=request.actor)  # type: ignore[attr-defined]
    return redirect("agreements:version", code, made.number)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def edit(request: HttpRequest, code: str, number: int, part: str) -> HttpResponse:
    """Dates, scope and source, or the rules."""
    if part not in _FORMS:
        raise NotKnown()
    found = _draft(request, code, number)
    form = _FORMS[part](request.POST if request.method == "POST" else None, version=found)
    return _answer(request, found, form, str(TITLES[part]), lambda: form.values())


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def chain(request: HttpRequest, code: str, number: int, place: int) -> HttpResponse:
    """For whom a chain is. The place after the last one adds a chain, with the directing ministry as its stage."""
    found = _draft(request, code, number)
    chains = list(found.chains)
    _within(place, len(chains), MOST_CHAINS)
    new = place == len(chains) + 1
    values = Chain.of({"stages": [_new_stage()]}).stored() if new else chains[place - 1]
    form = ChainForm(request.POST if request.method == "POST" else None, version=found, chain=values)

    def changed() -> dict[str, Any]:
        # A new one goes first: what is looked at last is for everybody, and would leave it nothing.
        kept = [form.values(), *chains] if new else _replaced(chains, place, form.values())
        return {"chains": kept}

    return _answer(request, found, form, _("For whom the chain is"), changed)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def stage(request: HttpRequest, code: str, number: int, place: int, step: int) -> HttpResponse:
    """A stage of a chain. The place after the last one adds a stage."""
    found = _draft(request, code, number)
    chains = list(found.chains)
    _within(place, len(chains) - 1, MOST_CHAINS)
    stages = list(chains[place - 1]["stages"])
    _within(step, len(stages), MOST_STAGES)
    new = step == len(stages) + 1
    values = _new_stage() if new else stages[step - 1]
    form = StageForm(
        request.POST if request.method == "POST" else None, version=found, stage=values, stages=stages
    )

    def changed() -> dict[str, Any]:
        kept = [*stages, form.values()] if new else _replaced(stages, step, form.values())
        return {"chains": _replaced(chains, place, {**chains[place - 1], "stages": kept})}

    return _answer(request, found, form, _("A stage of the chain"), changed)


@require_POST
def remove(request: HttpRequest, code: str, number: int, place: int, step: int = 0) -> HttpResponse:
    """Delete a chain, or a stage of it. What would be left wrong is refused with the reason."""
    found = _draft(request, code, number)
    chains = list(found.chains)
    _within(place, len(chains) - 1, MOST_CHAINS)
    if step:
        stages = list(chains[place - 1]["stages"])
        _within(step, len(stages) - 1, MOST_STAGES)
        del stages[step - 1]
        chains[place - 1] = {**chains[place - 1], "stages": stages}
    else:
        del chains[place - 1]
    return _do(
        request,
        found,
        lambda revision: actions.change(
            code,
            number,
            "chains",
            {"chains": chains},
            by=request.actor,  # type: ignore[attr-defined]
            revision=revision,
        ),
        _("The chain is changed."),
    )


@require_POST
def act(request: HttpRequest, code: str, number: int, deed: str) -> HttpResponse:
    """Discard a draft, look ahead, give it to the second person, send it back, or approve it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if deed not in _DEEDS:
        raise NotKnown()
    found = access.get_version(actor, code, number)
    action, done = _DEEDS[deed]
    if deed == "approve":
        ask_fresh(request)
    if deed == "look-ahead":
        return _do(request, found, lambda revision: actions.look_ahead(code, number, by=actor), str(done))
    return _do(request, found, lambda revision: action(code, number, by=actor, revision=revision), str(done))


_DEEDS: dict[str, tuple[Callable[..., Any], Any]] = {
    "discard": (actions.discard, gettext_lazy("The draft is discarded.")),
    "look-ahead": (
        actions.look_ahead,
        gettext_lazy("The portal looks what would change. Load the page again."),
    ),
    "hand-over": (actions.hand_over, gettext_lazy("The version waits for a second person now.")),
    "send-back": (actions.send_back, gettext_lazy("The version is a draft again.")),
    "approve": (actions.approve, gettext_lazy("The version is approved.")),
}


def _within(place: int, last: int, most: int) -> None:
    if not 1 <= place <= last + 1 or place > most:
        raise NotKnown()


def _replaced(rows: list[Any], place: int, value: Any) -> list[Any]:
    return [*rows[: place - 1], value, *rows[place:]]


def _do(request: HttpRequest, found: AgreementVersion, deed: Callable[[int], Any], done: str) -> HttpResponse:
    """Do it, and come back to the version; what is wrong with it stands on its page."""
    given = request.POST.get("revision", "")
    try:
        deed(int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0)
    except Invalid as error:
        context = page_of(request, found) | {"refused": [str(text) for text in error.fields.get("", [])]}
        return render(request, "agreements/detail.html", context, status=422)
    except Stale as error:
        messages.error(request, str(error.message))
        return redirect("agreements:version", found.agreement.code, found.number)
    messages.success(request, done)
    if found.pk is None or not access.visible_versions(request.actor).filter(pk=found.pk).exists():  # type: ignore[attr-defined]
        return redirect("agreements:detail", found.agreement.code)
    return redirect("agreements:version", found.agreement.code, found.number)


def _answer(
    request: HttpRequest,
    found: AgreementVersion,
    form: VersionForm,
    heading: str,
    values: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """The form; what was sent is saved, or stands there again with what is wrong."""
    fill(request, form)
    status = 200
    if request.method == "POST":
        status = _saved(request, found, form, values) if form.is_valid() else 422
        if status == 303:
            messages.success(request, _("Saved."))
            return redirect("agreements:version", found.agreement.code, found.number)
    context = {"form": form, "version": found, "heading": heading, "title": title(found)}
    return render(request, "agreements/edit.html", context, status=status)


def _saved(
    request: HttpRequest, found: AgreementVersion, form: VersionForm, values: Callable[[], dict[str, Any]]
) -> int:
    try:
        actions.change(
            found.agreement.code,
            found.number,
            form.part,
            values(),
            by=request.actor,  # type: ignore[attr-defined]
            revision=form.cleaned_data["revision"],
        )
    except Invalid as error:
        for text in error.fields.get("", []):
            form.add_error(None, str(text))
        return 422
    except Stale as error:
        form.add_error(None, str(error.message))
        return 412
    return 303
