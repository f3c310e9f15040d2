"""A case in words, for its pages."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.presentation import force_sentence
from core import zones
from core.actors import Actor
from core.permissions import Permission
from disclosure.models import DataKind
from facilities.access import today_in
from referrals import access, foresight, reading
from referrals.bodies import decides_somewhere
from referrals.models import Referral
from referrals.presentation import clinical, when
from referrals.presentation.chain import StageRow, body_name, chain_rows, has_it, refused_by, signed_rows
from referrals.presentation.clinical import Rows
from referrals.presentation.clock import Clock, clock_of
from referrals.presentation.history import Happened, history
from referrals.presentation.labels import Tag, authorisation_tag, priority_tag, referral_tag
from referrals.presentation.next_step import next_step
from referrals.presentation.person import person_rows
from referrals.presentation.reader import NextStep
from referrals.presentation.remedies import Reader
from referrals.presentation.route import Route, route
from referrals.presentation.rules import CheckPanel, check_panel, contradiction_words
from referrals.presentation.timeline import Station, Trace, former_timeline, timeline
from referrals.sight import WITH_HOST, permits
from referrals.stages import GRANTED
from referrals.states import ReferralState


@dataclass(slots=True)
class Case(reading.Case):
    """A case in words. Nothing here asks the database for anything."""

    @property
    def title(self) -> str:
        """“Test Patient A, cardiac surgery”; the number alone for who may not know the patient."""
        referral = self.referral
        if not self.clinical:
            return str(referral)
        if referral.specialty is None:
            return referral.patient.full_name
        return _("%(patient)s, %(care)s") % {
            "patient": referral.patient.full_name,
            "care": referral.specialty.name.lower(),
        }

    @property
    def lines(self) -> list[str]:
        """What stands under the title: number, priority, diagnosis."""
        shown = [str(self.referral) if self.clinical else "", str(self.referral.get_priority_display())]
        if self.clinical:
            shown.append(clinical.diagnosis_text(self.referral))
        return [text for text in shown if text]

    @property
    def tag(self) -> Tag:
        return referral_tag(self.referral)

    @property
    def priority(self) -> Tag:
        return priority_tag(self.referral.priority)

    @property
    def authorisation_tag(self) -> Tag | None:
        return authorisation_tag(self.authorisation.state) if self.authorisation else None

    @property
    def hidden_because(self) -> str:
        """Why the reader sees no clinical content, in a sentence; empty for those who see it."""
        return "" if self.clinical else hidden_because(self.actor, self.referral)

    @property
    def withheld(self) -> list[str]:
        """The kinds of data that the reader doesn't see beside what they see, in words."""
        return [str(kind.label) for kind in DataKind if self.clinical and not self.has(kind)]

    def route(self) -> Route:
        return route(self.referral, self.crossing_day, self.kinds)

    def next(self) -> NextStep:
        return next_step(
            self.referral,
            self.actor,
            now=self.now,
            open_questions=len(self.open_questions) or None,
            starts_at=self.appointment.period.lower if self.appointment else None,
        )

    def clock(self) -> Clock | None:
        return clock_of(self.referral, self.now, reviewing=self.next().reviews)

    def contradiction(self) -> str:
        """Where the day of need and what is to come contradict each other, in a sentence; empty where they don't."""
        starts = self.appointment.period.lower if self.appointment else None
        found = foresight.contradiction(self.referral, self.now, starts) if self.clinical else None
        return contradiction_words(found, self.referral)

    def timeline(self) -> list[Station]:
        if self.referral.former_since is not None:
            return former_timeline(self.referral, self.now)
        return timeline(
            Trace(
                referral=self.referral,
                changes=self.changes,
                check=self.check,
                rules=len(self.results),
                appointment=self.appointment,
                summary=self.summary,
                now=self.now,
                kinds=self.kinds,
                has_it=self.has_it(),
            )
        )

    def history(self) -> list[Happened]:
        """What happened, the oldest first; who sees no clinical content reads the reasons of their own steps alone."""
        return history(self.changes, reasons=partial(access.sees_reason, self.actor, clinical=self.clinical))

    def check_panel(self) -> CheckPanel | None:
        version = self.agreement
        return check_panel(
            self.check,
            self.results,
            self.referral,
            Reader.of(self.actor, self.referral),
            basis_of=version.basis_of_rule if version else None,
        )

    def need_rows(self) -> Rows:
        """What is needed, and why."""
        if not self.clinical:
            return []
        return [*clinical.need_rows(self.referral, self.kinds), *clinical.consilium_rows(self.consilia)]

    def patient_rows(self) -> Rows:
        """Who the patient is, with masked numbers."""
        if not self.clinical:
            return []
        return person_rows(self.referral.patient, self.identifiers, zones.today(), self.kinds)

    def evidence_rows(self) -> list[dict[str, str]]:
        return clinical.evidence_rows(self.evidence)

    def rounds(self) -> list[dict[str, Any]]:
        """Questions and answers, the newest round first."""
        return clinical.rounds(self.questions)

    def authorisation_rows(self) -> Rows:
        return clinical.authorisation_rows(self.authorisation, self.kinds) if self.clinical else []

    def chain(self) -> list[StageRow]:
        """The bodies that approve one after another; nothing where one ministry decides alone."""
        return chain_rows(self.stages, self.referral, self.now, kinds=self.kinds)

    def refused_by(self) -> str:
        """Which stage refused, in a sentence."""
        return refused_by(self.stages)

    def has_it(self) -> str:
        """Which body has the case for its decision; empty where one ministry decides alone."""
        stage = has_it(self.stages, self.referral)
        return f"{stage.name}, {body_name(stage)}" if stage is not None else ""

    def approved_terms(self) -> dict[str, Any]:
        """What the body before approved, for the next one's form; nothing for the first body."""
        granted = [stage for stage in self.stages if stage.state in GRANTED and stage.terms]
        if not granted or not self.clinical:
            return {}
        hidden = {} if self.has(DataKind.PAYMENT) else {"ceiling_amount": None, "ceiling_currency": ""}
        return {**granted[-1].terms, **hidden}

    def signed_rows(self) -> Rows:
        """What a first person signed."""
        stage = has_it(self.stages, self.referral)
        return signed_rows(stage, self.now, self.kinds) if stage is not None and self.clinical else []

    def is_last_body(self) -> bool:
        """Whether the referral goes to the host once the body that has it now approves."""
        stage = has_it(self.stages, self.referral)
        return stage is None or all(
            row.position <= stage.position or row.rule.otherwise for row in self.stages
        )

    def appointment_rows(self) -> Rows:
        return clinical.appointment_rows(self.appointment, self.referral.host_zone)

    def summary_rows(self) -> Rows:
        return clinical.summary_rows(self.summary)

    def law(self) -> list[dict[str, Any]]:
        """The agreement that the referral rests on, as rows of title, text, verified, force, version, source, url."""
        agreement = self.agreement
        if agreement is None:
            return []
        return [
            {
                "title": agreement.agreement.name,
                "text": agreement.basis_of(emergency=self.referral.is_emergency)
                or _("No article of the agreement is entered for this care."),
                "verified": agreement.verified,
                "force": force_sentence(agreement),
                "version": _("Version %(number)s") % {"number": agreement.number},
                "source": agreement.source,
                "url": reverse("agreements:detail", args=[agreement.agreement.code]),
            }
        ]


def hidden_because(actor: Actor, referral: Referral) -> str:
    """The sentence that stands where the clinical content would."""
    if referral.former_since is not None:
        return _(
            "This referral went to another hospital on %(moment)s. Your hospital keeps that it had it, and its own "
            "answers; the patient’s data and what happens now are the other hospital’s."
        ) % {"moment": when.moment(referral.former_since)}
    if actor.organisation_id != referral.host_facility_id:
        return _(
            "You see that this referral exists, its direction and its state. The patient’s data go only to the "
            "directing side and, with the patient’s consent, to the host hospital."
        )
    if referral.state == ReferralState.DECLINED:
        return _("Your hospital declined this referral, so it doesn’t see the patient’s data any more.")
    if referral.state not in WITH_HOST:
        return _("This referral isn’t with your hospital any more, so it doesn’t see the patient’s data.")
    given = referral.consent
    if given is not None and given.ended_at is not None:
        return _(
            "The patient has withdrawn the consent, so your hospital doesn’t see the patient’s data any more."
        )
    if given is not None and given.recipient_id not in (None, referral.host_facility_id):
        return _(
            "The patient consented to another hospital alone, so yours doesn’t see the patient’s data. Ask the "
            "directing hospital to record a consent for yours."
        )
    if given is not None and permits(given, referral, today_in(referral.directing_country_id)):
        return _(
            "No rule on data that may leave the directing country is in force for this, so your hospital doesn’t see "
            "the patient’s data. Ask your ministry."
        )
    if given is not None:
        return _(
            "The patient’s consent isn’t valid today, so your hospital doesn’t see the patient’s data. Ask the "
            "directing hospital to record a new consent."
        )
    return _("No consent for your country is recorded, so your hospital doesn’t see the patient’s data.")


def home_of(actor: Actor) -> tuple[str, str]:
    """The list from which this reader comes: (address, words of the link back)."""
    if actor.has(Permission.FILE_REFERRALS):
        return reverse("referrals:worklist"), _("My referrals")
    if decides_somewhere(actor):
        return reverse("referrals:decisions"), _("Decisions")
    return reverse("referrals:desk"), _("Sent to us")
