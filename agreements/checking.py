"""What is wrong with a version of an agreement, each a whole sentence under the part of the form that mends it."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from agreements.chain_mistakes import mistakes
from agreements.chains import PAYERS, Chain, Stage
from agreements.models import AgreementVersion
from core.errors import Text
from core.permissions import Role
from eligibility import mistakes_in
from facilities.countries import ISO_CODES, country_name
from facilities.lookups.people import people_with
from facilities.models import AdminUnit, Country, Organisation
from facilities.recipients import OF_COUNTRY, OF_ORGANISATION

Mistakes = dict[str, list[Text]]


def mistakes_of(version: AgreementVersion, *, today: date) -> Mistakes:
    """Everything that keeps the version from taking force, by part: "terms", "rules" or "chains"."""
    found: Mistakes = {
        "terms": [*terms_mistakes(version), *force_mistakes(version, today=today)],
        "rules": [str(mistake) for mistake in mistakes_in(version.rules)],
        "chains": chain_mistakes(version),
    }
    return {part: those for part, those in found.items() if those}


def terms_mistakes(version: AgreementVersion) -> list[Text]:
    """Of the parties, the scope and the source."""
    found: list[Text] = []
    if unknown := [code for code in version.parties if code not in ISO_CODES]:
        found.append(_("There is no country with this code: %(code)s.") % {"code": ", ".join(unknown)})
    if len(set(version.parties)) < 2:
        found.append(_("Name two different countries at least."))
    pairs = {f"{one}-{other}" for one in version.parties for other in version.parties if one != other}
    if strange := [one for one in version.directions if one not in pairs]:
        found.append(
            _("This direction isn’t between two of the parties: %(direction)s.") % {"direction": strange[0]}
        )
    if not version.source.strip():
        found.append(_("Say where the agreement was read: without a source nobody can check it."))
    if version.zones:
        codes = [one.partition(":")[2] for one in version.zones]
        rows = AdminUnit.objects.filter(level=2, code__in=codes).values_list("country_id", "code")
        known = {f"{country}:{code}" for country, code in rows}
        if strange := [one for one in version.zones if one not in known]:
            found.append(_("There is no district with this code: %(code)s.") % {"code": strange[0]})
    return found


def force_mistakes(version: AgreementVersion, *, today: date) -> Iterator[Text]:
    """Of its dates, alone and beside the other versions."""
    first, last = version.in_force_from, version.in_force_until
    if first is not None and last is not None and last < first:
        yield _("The last day lies before the first. Check both dates.")
        return
    others = list(_others(version))
    if others and first is None:
        yield _("Give the first day of its force: there is an earlier version.")
        return
    if others and first is not None and first < today:
        yield _(
            "A new version takes force today at the earliest: what was decided before stays under the old one."
        )
    for other in others:
        if _overlap(version, other):
            yield _(
                "Version %(number)s is in force in these days: %(dates)s. Two versions never overlap."
            ) % {
                "number": other.number,
                "dates": _dates(other),
            }


def _others(version: AgreementVersion) -> Iterable[AgreementVersion]:
    rows = AgreementVersion.objects.filter(
        agreement_id=version.agreement_id, standing=AgreementVersion.Standing.APPROVED
    )
    return rows.exclude(pk=version.pk).order_by("number", "pk")


def _overlap(version: AgreementVersion, other: AgreementVersion) -> bool:
    """Whether both are in force on a day. One that goes on without an end is followed, and ends the day before."""
    if version.in_force_from is None:
        return True
    if is_followed(other, version):
        return False
    begins, ends = other.in_force_from or date.min, other.in_force_until or date.max
    return begins <= (version.in_force_until or date.max) and version.in_force_from <= ends


def is_followed(other: AgreementVersion, version: AgreementVersion) -> bool:
    """Whether the other version has no last day and begins earlier, so that it ends where this one begins."""
    first = version.in_force_from
    return first is not None and other.in_force_until is None and (other.in_force_from or date.min) < first


def _dates(version: AgreementVersion) -> str:
    first = version.in_force_from.isoformat() if version.in_force_from else "…"
    return f"{first} – {version.in_force_until.isoformat() if version.in_force_until else '…'}"


def chain_mistakes(version: AgreementVersion) -> list[Text]:
    """Of the chains: their shape, whom they reach, and whether anybody works for each body."""
    if not version.covers_planned:
        return []
    known = set(Country.objects.values_list("pk", flat=True))
    # Where one of the two has no hospitals and ministries in the portal, no referral goes.
    pairs = [(one, other) for one, other in version.pairs() if {one, other} <= known]
    found = mistakes(version.chains, pairs=pairs, payers=version.payers or PAYERS)
    if found:
        return found
    return [
        _("Chain %(number)s, stage %(stage)s: %(mistake)s")
        % {"number": number, "stage": place, "mistake": text}
        for number, chain in enumerate(version.chain_list(), start=1)
        for place, stage in enumerate(chain.stages, start=1)
        for text in body_mistakes(stage, countries_of(chain, stage, pairs))
    ]


def countries_of(chain: Chain, stage: Stage, pairs: Iterable[tuple[str, str]]) -> set[str]:
    """The countries of which the stage's body is, by the directions that the chain is for."""
    reached = [
        (one, other) for one, other in pairs if chain.directing in {"", one} and chain.host in {"", other}
    ]
    return {one if stage.side == "directing" else other for one, other in reached}


def body_mistakes(stage: Stage, countries: Iterable[str]) -> Iterator[Text]:
    """That a body isn't there, is of another kind or country, or that nobody works for it."""
    if not stage.organisation:
        for code in sorted(countries):
            if not people_with((Role.OFFICER,), OF_COUNTRY, code):
                yield _(
                    "Nobody decides at the ministry of this country now: %(country)s. Give somebody the role."
                ) % {"country": country_name(code)}
        return
    body = Organisation.objects.filter(code=stage.organisation, active=True).first()
    if body is None or body.kind != stage.body:
        yield _("There is no such body: %(code)s.") % {"code": stage.organisation}
        return
    if any(code != body.country_id for code in countries):
        yield _("This body is of another country than the chain needs there: %(body)s.") % {
            "body": body.display_name
        }
    role = Role.OFFICER if stage.body == "ministry" else Role.APPROVER
    if not people_with((role,), OF_ORGANISATION, body.pk):
        yield _("Nobody decides at this body now: %(body)s. Give somebody the role.") % {
            "body": body.display_name
        }
