"""A version of an agreement in words: its scope, its chains, who made it, and what it would change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.access import body_names, specialty_choices
from agreements.chains import Chain, Stage
from agreements.clocks import Limit
from agreements.models import AgreementVersion
from agreements.words import CARE_MODE_NAMES, PAYER_NAMES, PRIORITY_NAMES
from core.names import in_active_language
from facilities.countries import country_name


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage in words: its name, its body, and a sentence for each thing that it says."""

    number: int
    name: str
    body: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class ChainWords:
    """A chain in words: for whom it is, and its stages."""

    number: int
    whom: str
    stages: list[StageWords]


def chains_in_words(version: AgreementVersion) -> list[ChainWords]:
    """The chains of a version, in the order in which they are looked at."""
    chains = version.chain_list()
    names = body_names(stage.organisation for chain in chains for stage in chain.stages if stage.organisation)
    return [
        ChainWords(
            number=number,
            whom=_whom(chain),
            stages=[_stage(stage, place, chain, names) for place, stage in enumerate(chain.stages, start=1)],
        )
        for number, chain in enumerate(chains, start=1)
    ]


def _whom(chain: Chain) -> str:
    """For which payer and direction a chain is, in a sentence."""
    payers = ", ".join(str(PAYER_NAMES[payer]) for payer in chain.payers)
    values = {
        "payers": payers,
        "directing": country_name(chain.directing) if chain.directing else "",
        "host": country_name(chain.host) if chain.host else "",
    }
    if chain.directing and chain.host:
        sentence = _("From %(directing)s to %(host)s.")
    elif chain.directing:
        sentence = _("From %(directing)s to every other party.")
    elif chain.host:
        sentence = _("To %(host)s from every other party.")
    else:
        sentence = _("In every direction.")
    who = _("Who pays: %(payers)s.") if payers else _("Whoever pays.")
    return f"{sentence % values} {who % values}"


def _stage(stage: Stage, place: int, chain: Chain, names: dict[str, str]) -> StageWords:
    body = names.get(stage.organisation, stage.organisation)
    if not stage.organisation:
        body = (
            _("An officer of the ministry of the host country")
            if stage.side == "host"
            else _("An officer of the ministry of the directing country")
        )
    return StageWords(place, in_active_language(stage.name), body, list(_sentences(stage, place, chain)))


def _sentences(stage: Stage, place: int, chain: Chain) -> Iterator[str]:
    for priority, name in PRIORITY_NAMES.items():
        if priority in stage.limits:
            yield _("%(priority)s: %(limit)s.") % {
                "priority": name,
                "limit": limit_words(stage.limits[priority]),
            }
    yield (
        _("Working days are those of the host country.")
        if stage.calendar == "host"
        else _("Working days are those of the directing country.")
    )
    yield (
        _("The clock stands still while information is asked for.")
        if stage.stops
        else _("Nothing stops the clock.")
    )
    yield _("Silence counts as a grant.") if stage.silence_grants else _("Silence decides nothing.")
    if stage.sign_above:
        signer = stage.signed_by
        who = in_active_language(chain.stages[signer - 1].name) if signer else ""
        values = {
            "amount": f"{stage.sign_above[0]:,.0f}".replace(",", "\u00a0"),
            "currency": stage.sign_above[1],
        }
        if who and signer != place:
            yield _("Above %(amount)s %(currency)s a person of this body signs too: %(who)s.") % {
                **values,
                "who": who,
            }
        else:
            yield _("Above %(amount)s %(currency)s a second person of the same body signs.") % values
    if stage.quota:
        yield ngettext(
            "It gives %(count)s grant a year at most.",
            "It gives %(count)s grants a year at most.",
            stage.quota,
        ) % {"count": stage.quota}
    if stage.otherwise:
        yield _("It stands in for the stage before it, once that one’s quota is used up.")


def limit_words(limit: Limit) -> str:
    """“3 working days”, “24 hours”."""
    if limit.working_days:
        text = ngettext("%(count)s working day", "%(count)s working days", limit.working_days)
        return text % {"count": limit.working_days}
    hours = round(limit.hours)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def scope_rows(version: AgreementVersion) -> list[dict[str, Any]]:
    """What of the care the version covers, where it doesn't cover all."""
    specialties = dict(specialty_choices()) if version.specialties else {}
    rows = [
        {"key": _("Directions"), "value": ", ".join(version.directions)},
        {"key": _("Priorities"), "value": _named(version.priorities, PRIORITY_NAMES)},
        {"key": _("Forms of care"), "value": _named(version.care_modes, CARE_MODE_NAMES)},
        {"key": _("Specialties"), "value": _named(version.specialties, specialties)},
        {"key": _("Who pays"), "value": _named(version.payers, PAYER_NAMES)},
        {"key": _("Districts of the access zone"), "value": ", ".join(version.zones)},
        {
            "key": _("A routine decision is overdue after"),
            "value": ngettext("%(count)s calendar day", "%(count)s calendar days", version.hard_stop_days)
            % {"count": version.hard_stop_days},
        },
    ]
    return [row for row in rows if row["value"]]


def _named(codes: list[str], names: Mapping[str, Any]) -> str:
    return ", ".join(str(names.get(code, code)) for code in codes)


def made_rows(version: AgreementVersion) -> list[dict[str, Any]]:
    """Who wrote a version and who approved it; a version of the reference data has nobody."""
    rows = [
        {"key": _("Written by"), "value": version.made_by_label},
        {"key": _("Approved by"), "value": version.approved_by_label},
        {
            "key": _("Approved on"),
            "value": date_format(version.approved_at.date(), "DATE_FORMAT") if version.approved_at else "",
        },
    ]
    return [row for row in rows if row["value"]]


def impact_lines(impact: Mapping[str, Any] | None) -> list[str]:
    """What the worker found that a version would change for open referrals; empty before it looked."""
    if not impact or impact.get("pending"):
        return []
    open_ones = impact["open"]
    lines = [
        ngettext(
            "%(count)s open referral rests on this agreement.",
            "%(count)s open referrals rest on this agreement.",
            open_ones,
        )
        % {"count": open_ones}
    ]
    for then, now, count in impact["recommendations"]:
        text = ngettext(
            "%(count)s referral: “%(then)s” becomes “%(now)s”.",
            "%(count)s referrals: “%(then)s” becomes “%(now)s”.",
            count,
        )
        values = {"count": count, "then": _RECOMMENDED[then], "now": _RECOMMENDED[now]}
        lines.append(text % values)
    if count := impact["left_out"]:
        text = ngettext(
            "%(count)s referral would no longer be covered.",
            "%(count)s referrals would no longer be covered.",
            count,
        )
        lines.append(text % {"count": count})
    if count := impact["chains"]:
        text = ngettext(
            "%(count)s referral would have another chain if it were filed anew. Its own goes on as it began.",
            "%(count)s referrals would have another chain if they were filed anew. Their own go on as they began.",
            count,
        )
        lines.append(text % {"count": count})
    if not impact["recommendations"] and not impact["left_out"] and not impact["chains"]:
        lines.append(_("Nothing changes for them."))
    if impact["more"]:
        lines.append(_("Only the first of them were looked at: there are more."))
    return lines


_RECOMMENDED = {
    "grant": gettext_lazy("The rules recommend granting"),
    "review": gettext_lazy("The rules leave it to the officer"),
    "refuse": gettext_lazy("The rules recommend refusing"),
}
