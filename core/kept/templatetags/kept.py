"""`{% kept_text %}` inside a form: its ticket, what is kept of it, and the line that says when it was saved."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("components/kept.html", takes_context=True)
def kept_text(context: template.Context) -> dict[str, Any]:
    """Nothing on a page whose view isn't marked `keeps_text`."""
    request = context.get("request")
    kept = getattr(request, "kept", None)
    if request is None or kept is None:
        return {"kept": None}
    return {
        "kept": kept,
        "path": request.path,
        "address": request.get_full_path(),
        "is_post": request.method == "POST",
    }
