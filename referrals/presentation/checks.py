"""How often a certificate was checked, in words for the ministry."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referrals.models import Standing
from referrals.presentation import when
from referrals.reading.papers import Checks


def check_rows(found: Iterable[Checks]) -> list[dict[str, Any]]:
    """A row for each outcome: how often, and when last."""
    return [
        {
            "key": Standing(one.outcome).label,
            "value": _("%(times)s, last on %(moment)s")
            % {
                "times": ngettext("%(count)s time", "%(count)s times", one.number) % {"count": one.number},
                "moment": when.moment(one.last),
            },
        }
        for one in found
    ]
