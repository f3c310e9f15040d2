"""Many referrals at once, by copying one row: for lists whose cost must not grow with their length."""

from itertools import count
from uuid import uuid4

from patients.models import Patient
from referrals.models import Authorisation, EligibilityCheck, Referral, RuleResult
from tests.factories import referrals as make
from tests.factories.facilities import World

_numbers = count(500_000)


def make_many(world: World, number: int, pattern: Referral | None = None) -> list[Referral]:
    """`number` copies of a referral (by default one under review), each of its own patient, with check and clock."""
    pattern = pattern or make.make_in_review(world)
    patients = Patient.objects.bulk_create(_copy(pattern.patient, pk=uuid4()) for _ in range(number))
    referrals = Referral.objects.bulk_create(
        _copy(pattern, pk=uuid4(), number=f"KZ-26-{next(_numbers)}", patient=patient) for patient in patients
    )
    Authorisation.objects.bulk_create(
        _copy(pattern.authorisation, pk=None, referral=referral) for referral in referrals
    )
    check = pattern.checks.get()
    checks = EligibilityCheck.objects.bulk_create(
        _copy(check, pk=None, referral=referral) for referral in referrals
    )
    results = list(check.results.all())
    RuleResult.objects.bulk_create(
        _copy(result, pk=None, check_run=one) for one in checks for result in results
    )
    return referrals


def _copy(row: object, **changes: object) -> object:
    """A new unsaved row with the same values."""
    model = type(row)
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]  # type: ignore[attr-defined]
    copied = model(**{name: getattr(row, name) for name in names})
    for name, value in changes.items():
        setattr(copied, name, value)
    return copied
