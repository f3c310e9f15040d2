"""No form and no content of the API takes a day of another age, whatever field it is in."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import DateField, DateTimeField
from django.urls import get_resolver
from rest_framework import serializers

from core.api.fields import Day, Moment, PartialDay
from core.forms import ANY_DAY, PortalForm, SplitDateField

#: Of these an action says what is wrong with the day, better than the field could.
JUDGED_BY_ACTIONS = {"birth_date", "born", "deceased_on", "expires_on"}


def below(kind: type) -> Iterator[type]:
    """Every class of the portal that comes from this one."""
    assert get_resolver().url_patterns  # which loads every page and endpoint
    for one in kind.__subclasses__():
        if not one.__module__.startswith(("django", "rest_framework", "drf_", "tests")):
            yield one
        yield from below(one)


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "2199-01-01", "9999-12-31"])
def test_the_api_takes_no_day_of_another_age(day: str) -> None:
    seen = set()
    for kind in below(serializers.Serializer):
        for name, field in kind._declared_fields.items():  # type: ignore[attr-defined]
            assert not isinstance(field, serializers.DateField) or isinstance(field, Day), (kind, name)
            assert not isinstance(field, serializers.DateTimeField) or isinstance(field, Moment), (kind, name)
            if isinstance(field, (Day, PartialDay, Moment)):
                seen.add(name)
                text = f"{day}T10:00:00+05:00" if isinstance(field, Moment) else day
                with pytest.raises(serializers.ValidationError):
                    field.run_validation(text)
                if isinstance(field, PartialDay):
                    with pytest.raises(serializers.ValidationError):
                        field.run_validation(day[:4])
    assert {"birth_date", "valid_to", "needed_by", "spoken_at", "updated_since", "on"} <= seen


def test_no_form_takes_a_day_of_another_age() -> None:
    seen: set[str] = set()
    for kind in below(PortalForm):
        fields: dict[str, Any] = kind.base_fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            assert not isinstance(field, (DateField, DateTimeField)), (kind, name)
            if not isinstance(field, SplitDateField):
                continue
            if {field.earliest, field.latest} == set(ANY_DAY.values()):
                assert name in JUDGED_BY_ACTIONS, (kind, name)
                continue
            seen.add(name)
            for year in ("0001", "2199"):
                with pytest.raises(ValidationError):
                    field.clean(["1", "1", year])
    assert {"valid_from", "valid_to", "licence_valid_until", "start_date", "spoken_on"} <= seen
