"""Reading the parts of a referral that its reader was shown, each in one query."""

from referrals.models import Appointment, EligibilityCheck, Question, Referral, RuleResult


def latest_results(referral: Referral) -> list[RuleResult]:
    """The outcomes of the latest eligibility check, in the rules' order, with the check joined."""
    latest = EligibilityCheck.objects.filter(referral=referral).order_by("-id").values("pk")[:1]
    return list(
        RuleResult.objects.filter(check_run__in=latest).select_related("check_run").order_by("position")
    )


def questions_of(referral: Referral) -> list[Question]:
    """Every question that the ministry asked, round by round, with its round joined."""
    questions = Question.objects.filter(request__referral=referral).select_related("request")
    return list(questions.order_by("request_id", "position"))


def active_appointment(referral: Referral) -> Appointment | None:
    """The date that the host offers or has confirmed."""
    return referral.appointments.filter(active=True).first()
