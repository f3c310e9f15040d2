"""The choice of the organisation that a person acts for."""

from typing import Any

from django import template

from facilities.memberships import organisations_of

register = template.Library()


@register.inclusion_tag("facilities/organisation_switch.html", takes_context=True)
def organisation_switch(context: template.Context) -> dict[str, Any]:
    """A form to act for another of one's organisations (one query); nothing for a person with one."""
    request = context["request"]
    organisations = organisations_of(request.user) if request.user.is_authenticated else []
    return {
        "organisations": organisations if len(organisations) > 1 else [],
        "actor": getattr(request, "actor", None),
        "next": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
