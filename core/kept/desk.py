"""What a page knows of its person's kept texts: `request.kept`, and the mark `keeps_text` that gives it to a view.

A view that is marked does three things more. It saves by itself while somebody types (`autosave` in the post). A post
that it doesn't take, whatever the reason, is kept as it was typed; one that it takes is forgotten. And `fill` puts a
kept text into the form when the page is opened again, with what stands now beside it where that has changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from core import db
from core.actors import Actor
from core.errors import IllegalTransition, Moved
from core.kept import store
from core.kept.compare import Difference, differences
from core.kept.models import KeptText
from core.kept.tickets import FIELD, Ticket, new_ticket, read_ticket

View = Callable[..., HttpResponse]
#: Names of fields for which the person took what stands now instead of their own text.
TAKEN = "kept_taken"


@dataclass
class Kept:
    """The texts of one page for one request. `row` is the one in its form, `others` wait beside it."""

    ticket: Ticket
    row: KeptText | None = None
    text: QueryDict | None = None
    others: tuple[KeptText, ...] = ()
    differences: tuple[Difference, ...] = ()
    version: str = ""
    failed: bool = False
    held: bool = False

    def drop(self) -> None:
        """Forget the text: something else keeps it."""
        if self.row is not None:
            store.forget([self.row])
        self.row = self.text = None

    @property
    def changed(self) -> bool:
        """Whether the text was typed on an older `version` of what the form is about."""
        return bool(self.version)

    @property
    def until(self) -> str:
        """The day until which the text is kept."""
        return day(self.row) if self.row is not None else ""


def keeps_text(view: View) -> View:
    """Mark a view whose forms are long: nothing that is typed there is lost."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or actor.user_id is None:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            request.kept = opened(request, actor)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        ticket = read_ticket(request.POST.get(FIELD, "")) or new_ticket(actor, request.path)
        if not ticket.belongs_to(actor):
            raise other_organisation(request, ticket)
        request.kept = kept = Kept(ticket)  # type: ignore[attr-defined]
        answer = _before(request, kept)
        if answer is None:
            # Before the view looks at it, so that the page that shows the form again can say truly that it is kept.
            _keep(request, kept)
            try:
                answer = view(request, *args, **kwargs)
            except Exception as error:
                if isinstance(error, Moved) and (page := error.address(kept.ticket.page)):
                    kept.ticket = kept.ticket.of_page(page)  # there the person is led
                db.keep(lambda: _keep(request, kept))  # the error undoes what this request has written
                raise
            if 300 <= answer.status_code < 400 and not kept.held:
                store.was_sent(kept.ticket)
        return answer

    run.keeps_text = True  # type: ignore[attr-defined]
    return run


def opened(request: HttpRequest, actor: Actor) -> Kept:
    """The page as it is opened: with the latest text, the one of `?typed=`, or, for `?typed=new`, none."""
    rows = list(store.kept_for(actor).filter(page=request.path)[:10])
    rows = [row for row in rows if store.may_read(actor, row)]
    wanted = request.GET.get("typed", "")
    row = None
    if wanted != "new":
        row = next((row for row in rows if row.form == wanted), next(iter(rows), None))
    text = store.text_of(actor, row) if row is not None else None
    ticket = new_ticket(actor, request.path)
    if row is None or text is None:
        return Kept(ticket, others=tuple(rows))
    return Kept(ticket.of_form(row.form), row, text, tuple(other for other in rows if other is not row))


def fill(request: HttpRequest, form: forms.BaseForm, *, text: QueryDict | None = None) -> None:
    """Put the kept text into a form that is shown for the first time; else nothing.

    `version`, where the form has one, stays that of now: `request.kept.changed` says that the text was typed before it,
    and `differences` what stands now instead. What is hidden isn't typed and stays too.
    """
    kept: Kept | None = getattr(request, "kept", None)
    text = text if text is not None else kept.text if kept is not None else None
    if kept is None or text is None or form.is_bound:
        return
    taken = set(text.getlist(TAKEN))
    mine = {
        name: field.widget.value_from_datadict(text, {}, name)
        for name, field in form.fields.items()
        if name not in taken
        and not field.widget.is_hidden
        and not field.widget.value_omitted_from_data(text, {}, name)
    }
    version = form.fields.get("version") and form.get_initial_for_field(form.fields["version"], "version")
    of_text = text.get("kept_version") or text.get("version", "")
    if version and of_text not in {"", str(version)}:
        kept.version = of_text
        kept.differences = differences(form, mine)
    form.initial = {**form.initial, **mine}


def _before(request: HttpRequest, kept: Kept) -> HttpResponse | None:
    """What a post asks of this mechanism and not of the view."""
    post = request.POST
    if "kept_discard" in post:
        store.was_sent(kept.ticket)
        return HttpResponseRedirect(request.get_full_path())
    if name := post.get("take_now", ""):
        text = {key: values for key, values in store.typed(post).items() if not _is_of(key, name)}
        text[TAKEN] = [name]
        store.save(kept.ticket, text)
        return HttpResponseRedirect(request.get_full_path())
    if "autosave" in post:
        row = store.save(kept.ticket, store.typed(post), sent_too=False)
        return JsonResponse({"message": saved_sentence(row)}, status=200 if row is not None else 422)
    return None


def _is_of(key: str, name: str) -> bool:
    return key == name or key.startswith(f"{name}_")


def _keep(request: HttpRequest, kept: Kept) -> None:
    kept.row = store.save(kept.ticket, store.typed(request.POST))
    kept.failed = kept.row is None


def hold(request: HttpRequest) -> bool:
    """Keep the text though the view leads on, since it didn't take it: the step was taken before, from another window.

    False where the same form was only sent twice, so that nothing new was typed.
    """
    kept: Kept | None = getattr(request, "kept", None)
    kept_here = kept is not None and kept.row is not None and not kept.row.was_sent
    if kept is not None:
        kept.held = kept_here
    return kept_here


def other_organisation(request: HttpRequest, ticket: Ticket) -> IllegalTransition:
    """The form was shown while the person acted for another organisation: keep it for there, and do nothing here."""
    text = store.typed(request.POST)

    def write() -> None:
        store.save(ticket, text)

    db.keep(write)
    return IllegalTransition(
        _(
            "You opened this form while you acted for another organisation. Nothing was done. "
            "What you typed is kept: act for that organisation again and open the page."
        ),
        code="another_organisation",
    )


def rescue(request: HttpRequest) -> tuple[KeptText | None, Ticket | None]:
    """Keep the text of a post that can't be taken because nobody, or somebody else, is signed in.

    It goes to the person to whom the form was shown, as its ticket says; without one it can't be kept.
    """
    ticket = read_ticket(request.POST.get(FIELD, ""))
    row = store.save(ticket, store.typed(request.POST)) if ticket is not None else None
    return row, ticket


def saved_sentence(row: KeptText | None) -> str:
    """What the line below the form says after a saving."""
    if row is None:
        return _("Not saved: this form was sent already, or its text is too long to be kept.")
    at = time_format(timezone.localtime(row.saved_at), "TIME_FORMAT")
    return _("Saved at %(time)s, for you alone. Nothing is sent before you press the button.") % {"time": at}


def day(row: KeptText) -> str:
    """The day on which the text is forgotten."""
    return date_format(timezone.localtime(row.expires_at), "DATE_FORMAT")


def kept_sentence(row: KeptText | None) -> str:
    """What became of a text that couldn't be taken."""
    if row is None:
        return _(
            "What you typed could not be kept. Press Back in the browser: if the text is still there, copy it."
        )
    return _(
        "What you typed is kept until %(day)s, for you alone. Sign in with the account with which you opened "
        "the form, and it stands in the form again."
    ) % {"day": day(row)}
