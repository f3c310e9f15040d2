"""What can be wrong with stored chains of approval, each a whole sentence; nothing where they may be kept."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.chains import (
    BODIES,
    CURRENCIES,
    MOST_AMOUNT,
    MOST_CHAINS,
    MOST_DAYS,
    MOST_HOURS,
    MOST_QUOTA,
    MOST_STAGES,
    PAYERS,
    PRIORITIES,
    SIDES,
    Chain,
    chains_of,
)
from core import languages
from core.errors import Text


def is_directed(pairs: Iterable[tuple[str, str]], payers: Iterable[str]) -> list[tuple[str, str, str]]:
    """Every (payer, directing, host) that a version can be asked about."""
    directions = list(pairs)
    return [(payer, one, other) for payer in payers for one, other in directions]


def mistakes(values: Any, *, pairs: Iterable[tuple[str, str]], payers: Iterable[str] = PAYERS) -> list[Text]:
    """Everything that is wrong with the stored chains of a version, each a whole sentence; nothing where all fit.

    `pairs` are the directions (directing, host) that the version covers, `payers` who may pay under it.
    """
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        return [_("The chains are a list: for each, who pays, the direction, and its stages.")]
    if not values:
        return [_("Add a chain of approval: without one nobody could decide.")]
    if len(values) > MOST_CHAINS:
        return [_("An agreement has %(most)s chains at most.") % {"most": MOST_CHAINS}]
    found = [
        mistake for number, one in enumerate(values, start=1) for mistake in _of_chain(one, number=number)
    ]
    return found or list(_of_reach(chains_of(values), is_directed(pairs, payers)))


def _of_chain(values: Mapping[str, Any], *, number: int) -> Iterator[Text]:
    stages = values.get("stages")
    if not isinstance(stages, list) or not stages:
        yield _("Chain %(number)s has no stage. Add one, or delete the chain.") % {"number": number}
        return
    if len(stages) > MOST_STAGES:
        yield _("Chain %(number)s has more than %(most)s stages.") % {"number": number, "most": MOST_STAGES}
    if unknown := [payer for payer in values.get("payers", ()) if payer not in PAYERS]:
        yield _("Chain %(number)s names a payer that is not known: %(payer)s.") % {
            "number": number,
            "payer": unknown[0],
        }
    wrong = [
        _("Chain %(number)s, stage %(stage)s: %(mistake)s")
        % {"number": number, "stage": place, "mistake": text}
        for place, stage in enumerate(stages, start=1)
        for text in stage_mistakes(stage, first=place == 1, stages=len(stages))
    ]
    yield from wrong
    if not wrong and _is_circular(stages):
        yield _(
            "Chain %(number)s: the second signatures go in a circle. Let one of the bodies sign by its own people."
        ) % {"number": number}


def stage_mistakes(values: Any, *, first: bool, stages: int) -> list[Text]:
    """What is wrong with one stage, as it is stored."""
    if not isinstance(values, dict):
        return [_("Write its values: name, body, clock.")]
    found: list[Text] = []
    name = values.get("name")
    if not isinstance(name, dict) or not any(name.values()) or set(name) - set(languages.CODES):
        found.append(_("Give the stage a name."))
    for key, known in (("side", SIDES), ("calendar", SIDES), ("body", BODIES)):
        if values.get(key, known[0]) not in known:
            found.append(_("“%(name)s” is one of: %(known)s.") % {"name": key, "known": ", ".join(known)})
    if values.get("body", "ministry") != "ministry" and not values.get("organisation"):
        found.append(_("Choose which fund or commission decides."))
    found += [
        _("“%(name)s” is either true or false.") % {"name": key}
        for key in ("stops", "silence_grants", "otherwise")
        if not isinstance(values.get(key, False), bool)
    ]
    if values.get("otherwise") and first:
        found.append(_("The first stage can’t stand in for another one."))
    found += _limit_mistakes(values.get("limits"))
    found += _signing_mistakes(values, stages)
    quota = values.get("quota")
    if quota is not None and not _whole(quota, 1, MOST_QUOTA):
        found.append(
            _("The quota is a whole number from %(least)s to %(most)s.") % {"least": 1, "most": MOST_QUOTA}
        )
    return found


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _limit_mistakes(limits: Any) -> Iterator[Text]:
    wrong = not isinstance(limits, dict) or set(limits) != set(PRIORITIES)
    for limit in () if wrong else limits.values():
        hours_only = isinstance(limit, dict) and set(limit) == {"hours"}
        days_only = isinstance(limit, dict) and set(limit) == {"working_days"}
        if not (
            (hours_only and _whole(limit["hours"], 1, MOST_HOURS))
            or (days_only and _whole(limit["working_days"], 1, MOST_DAYS))
        ):
            wrong = True
    if wrong:
        yield _(
            "Give a time limit for each priority: from 1 to %(hours)s hours, or from 1 to %(days)s working days."
        ) % {"hours": MOST_HOURS, "days": MOST_DAYS}


def _signing_mistakes(values: Mapping[str, Any], stages: int) -> Iterator[Text]:
    above, signer = values.get("sign_above"), values.get("signed_by")
    if above is not None:
        try:
            amount = Decimal(above["amount"])
            right = 0 < amount <= MOST_AMOUNT and above["currency"] in CURRENCIES
        except (ArithmeticError, KeyError, TypeError, ValueError):
            right = False
        if not right:
            yield _("The ceiling for a second signature is an amount more than zero with its currency.")
    if signer is not None and not _whole(signer, 1, stages):
        yield _("The second signature is given by a body of this chain.")
    if signer is not None and above is None:
        yield _("Say above which ceiling the second signature is needed.")


def _is_circular(stages: list[Mapping[str, Any]]) -> bool:
    """Whether bodies sign for each other in a circle. Who signs for themselves signs by a second person."""
    signers = {place: stage.get("signed_by") for place, stage in enumerate(stages, start=1)}
    for start in signers:
        at, seen = start, {start}
        while (then := signers[at]) is not None and then != at:
            if then in seen:
                return True
            seen.add(then)
            at = then
    return False


def _of_reach(chains: list[Chain], asked: list[tuple[str, str, str]]) -> Iterator[Text]:
    """A payer or direction without a chain, and a chain that nothing can ever reach."""
    reached: set[int] = set()
    missing = ""
    for payer, one, other in asked:
        found = next(
            (
                index
                for index, chain in enumerate(chains)
                if chain.fits(payer=payer, directing=one, host=other)
            ),
            None,
        )
        if found is None:
            missing = missing or f"{one}–{other}, {payer}"
        else:
            reached.add(found)
    if missing:
        yield _("There is no chain for: %(missing)s. Add one that is for every payer and direction.") % {
            "missing": missing
        }
    for index in range(len(chains)):
        if asked and index not in reached:
            yield _("Chain %(number)s is never used: an earlier one, or the scope, leaves it nothing.") % {
                "number": index + 1
            }
