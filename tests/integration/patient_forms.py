"""What people fill in on the patients pages, and what they read there."""

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patients.models import Patient
from tests.factories.facilities import World

IIN, IIN_BORN = "900101399016", date(1990, 1, 1)


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def key_of(client: Client) -> str:
    page = client.get(reverse("patients:register")).content.decode()
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found.group(1)


def answers(client: Client, **changes: str) -> dict[str, str]:
    """A filled-in registration form of a synthetic man born on the day that the IIN says."""
    return {
        "key": key_of(client),
        "family_name": "Тестов",
        "given_name": "Пациент",
        "patronymic": "Первый",
        **day("birth_date", IIN_BORN),
        "sex": "male",
        "citizenship": "KZ",
        "number0_system": "kz-iin",
        "number0_value": IIN,
        "preferred_language": "ru",
        **changes,
    }


def register(client: Client, **changes: str) -> Any:
    return client.post(reverse("patients:register"), answers(client, **changes))


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def hidden_fields(response: Any) -> dict[str, str]:
    """The hidden fields of the last form of a page, as a browser would send them again."""
    form = response.content.decode().rpartition("<form")[2]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}


def edited(patient: Patient, **changes: str) -> dict[str, str]:
    assert patient.birth_date is not None
    return {
        "version": str(patient.version),
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "patronymic": patient.patronymic,
        **day("birth_date", patient.birth_date),
        "sex": patient.sex,
        "citizenship": "KZ",
        "preferred_language": "ru",
        "phone": patient.phone,
        "email": patient.email,
        "next_of_kin_name": patient.next_of_kin_name,
        **changes,
    }


def consent_form(**changes: str) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "purpose": "treatment",
        "recipient_country": "KG",
        "kinds": ["care", "documents", "contact", "payment"],
        **day("valid_from", today),
        **day("valid_to", today + timedelta(days=90)),
        "how": "written",
        **changes,
    }


def find(client: Client, q: str, **more: str) -> str:
    return text_of(client.post(reverse("patients:find"), {"q": q, **more}, follow=True))


def pages_of(patient: Patient) -> list[str]:
    plain = ("find", "register", "register_unknown", "link", "district_suggest")
    own = ("detail", "edit", "identifier_add", "consent", "coverage")
    number = patient.identifiers.get()
    return [
        *(reverse(f"patients:{name}") for name in plain),
        *(reverse(f"patients:{name}", args=[patient.pk]) for name in own),
        reverse("patients:identifier_remove", args=[patient.pk, number.pk]),
    ]
