"""An agreement in words: its parties, its force, and how its rules are set."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from agreements.models import AgreementVersion
from eligibility import RULES, Plural, parameters_of
from eligibility.parameters import BLOCKING, BLOCKING_NAME
from facilities.countries import country_name


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """One rule under an agreement: what it asks, on which basis, and what follows where it fails."""

    code: str
    title: str
    basis: str
    blocks: bool
    words: str


def party_names(agreement: AgreementVersion) -> list[str]:
    """The parties' names in the active language, in the order of their codes."""
    return [country_name(code) for code in sorted(agreement.parties)]


def covers(agreement: AgreementVersion) -> str:
    """Which care it covers, in a sentence."""
    if agreement.covers_emergency and agreement.covers_planned:
        return _("It covers emergency care and planned care.")
    if agreement.covers_emergency:
        return _("It covers emergency care.")
    if agreement.covers_planned:
        return _("It covers planned care.")
    return _("No referral rests on it: it covers no care of persons.")


def force_sentence(agreement: AgreementVersion) -> str:
    """From when to when the agreement is in force, as far as the dates are known."""
    first, last = _day(agreement.in_force_from), _day(agreement.in_force_until)
    if first and last:
        return _("In force from %(first)s to %(last)s.") % {"first": first, "last": last}
    if first:
        return _("In force since %(first)s.") % {"first": first}
    if last:
        return _("In force until %(last)s.") % {"last": last}
    return _("The dates of its force are not known.")


def about(agreement: AgreementVersion) -> list[dict[str, Any]]:
    """Rows of a summary list."""
    rows = [
        {"key": _("Parties"), "value": ", ".join(party_names(agreement))},
        {"key": _("Signed on"), "value": _day(agreement.agreement.signed_on)},
        {"key": _("Force"), "value": force_sentence(agreement)},
        {"key": _("Care"), "value": covers(agreement)},
        {"key": _("Basis of planned care"), "value": agreement.basis_of(emergency=False)},
        {"key": _("Basis of emergency care"), "value": agreement.basis_of(emergency=True)},
        {"key": _("Source"), "value": agreement.source, "lang": "en"},
        {"key": _("Note"), "value": agreement.note, "lang": "en"},
    ]
    return [row for row in rows if row["value"]]


def rule_settings(agreement: AgreementVersion) -> list[RuleSetting]:
    """The rules that the agreement names, in the order in which they are checked."""
    return [
        _setting(code, agreement.rules[code], agreement.basis_of_rule(code))
        for code in RULES
        if code in (agreement.rules or {})
    ]


def basis_words(basis: str) -> str:
    """The rule's basis in the agreement; where it names none, that the rule is the portal's."""
    return basis or _("The agreement names no basis; the rule is the portal’s.")


def _setting(code: str, settings: dict[str, Any], basis: str) -> RuleSetting:
    """What the agreement sets of the rule in words; whether it blocks is said also where nothing is set."""
    rule = RULES[code]
    given = {BLOCKING_NAME: BLOCKING.default, **settings}
    return RuleSetting(
        code=code,
        title=gettext(rule.title),
        basis=basis_words(basis),
        blocks=bool(given[BLOCKING_NAME]),
        words=" ".join(
            _in_words(parameter.sentence(given[name]), given[name])
            for name, parameter in parameters_of(rule).items()
            if name in given
        ),
    )


def _in_words(sentence: str | Plural, value: int) -> str:
    if isinstance(sentence, Plural):
        return ngettext(sentence.one, sentence.many, value) % {"count": value}
    return gettext(sentence)


def _day(value: date | None) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""
