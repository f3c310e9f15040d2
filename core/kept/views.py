"""Every text that is kept for the person: the place where they find it when its own page doesn't open any more."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.middleware import actor_of
from core.errors import NotKnown
from core.kept import store
from core.kept.desk import day
from core.kept.tickets import FIELD


@require_safe
def kept_texts(request: HttpRequest) -> HttpResponse:
    """The list: when each was typed, until when it is kept, and the form that it belongs to."""
    actor = actor_of(request)
    rows = [
        {"form": row.form, "page": row.page, "saved_at": row.saved_at, "until": day(row)}
        for row in store.kept_for(actor)[: store.MOST]
        if store.may_read(actor, row)
    ]
    return render(request, "kept/list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def kept_text(request: HttpRequest, form: str) -> HttpResponse:
    """One text as it was typed, to be read and copied; a POST throws it away."""
    actor = actor_of(request)
    row = store.kept_for(actor).filter(form=form).first()
    text = store.text_of(actor, row) if row is not None else None
    if row is None or text is None:
        raise NotKnown(_("This text is not kept any more."))
    if request.method == "POST":
        store.forget([row])
        messages.success(request, _("The text is thrown away."))
        return redirect("kept:list")
    context: dict[str, Any] = {
        "row": row,
        "until": day(row),
        "texts": [
            value
            for name, values in text.lists()
            for value in values
            if value and name not in {"version", FIELD}
        ],
    }
    return render(request, "kept/detail.html", context)
