"""Reading the papers of a referral's decisions, and checking one by its code."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from core import zones
from core.actors import Actor
from core.db import transaction_for
from core.errors import NotKnown
from core.prepared import Parameter, insert, prepared
from core.walls.session import reaching
from patients.models import Consent
from referrals import access, issuing
from referrals.models import Paper, PaperCheck, Referral, Standing
from referrals.reading.case import Case
from referrals.states import UNDECIDED

#: Whoever opens the public page: nobody whom the portal knows.
PUBLIC = Actor(kind="person", id="", label="")


def papers_of(case: Case) -> list[Paper]:
    """The papers of a case's decisions, the latest first; none for who doesn't see the patient."""
    authorisation = case.authorisation
    if not case.clinical or authorisation is None or authorisation.state in UNDECIDED:
        return []
    return prepared(_papers).rows(referral=case.referral.pk)


def _papers() -> QuerySet[Paper]:
    return Paper.objects.filter(referral_id=Parameter("referral")).order_by("-id")


def paper_of(case: Case, number: int) -> Paper:
    """One of them. Raises NotKnown."""
    found = Paper.objects.filter(referral_id=case.referral.pk, pk=number).first()
    if found is None:
        raise NotKnown()
    return found


def show_paper(case: Case) -> None:
    """Note in the ledger that a paper is printed."""
    access.show(case.actor, case.referral, case.kinds, what="referrals.paper")
    case.shown = True


@dataclass(frozen=True, slots=True)
class Checks:
    """How often the certificates of a referral were checked with one outcome, and when last."""

    outcome: str
    number: int
    last: datetime


def checks_of(case: Case) -> list[Checks]:
    """How often somebody checked them, by what was found: for the directing ministry alone."""
    authorisation = case.authorisation
    counts = access.counts_checks(case.actor, case.referral)
    if not counts or authorisation is None or authorisation.valid_from is None:
        return []
    rows = PaperCheck.objects.filter(paper__referral_id=case.referral.pk).values("outcome")
    found = rows.annotate(number=Count("pk"), last=Max("at")).order_by("outcome")
    return [Checks(row["outcome"], row["number"], row["last"]) for row in found]


@dataclass(frozen=True, slots=True)
class Checked:
    """A certificate with where it stands. `hidden`: the patient has taken the consent back, so nothing more is told."""

    paper: Paper
    standing: Standing
    hidden: bool


def check_code(code: str, *, count: bool = True) -> Checked | None:
    """Where the certificate of that code stands now; None for a code that no certificate has. Each check is counted."""
    if not code:
        return None
    with transaction_for(PUBLIC):
        with reaching("certificate", [code]):
            paper = Paper.objects.filter(code=code).first()
        if paper is None:
            return None
        with reaching("standing", [paper.referral_id]):
            referral = Referral.objects.select_related("authorisation").get(pk=paper.referral_id)
            today = zones.today(ZoneInfo(paper.facts["zone"]))
            found = issuing.standing(paper, referral, referral.authorisation, today)
            if count:
                insert(PaperCheck(paper=paper, at=timezone.now(), outcome=found), reads_key=False)
        return Checked(paper, found, hidden=_is_withdrawn(referral))


def _is_withdrawn(referral: Referral) -> bool:
    if referral.consent_id is None:
        return False
    with reaching("consent_stands", [referral.consent_id]):
        return Consent.objects.filter(pk=referral.consent_id, withdrawn_at__isnull=False).exists()
