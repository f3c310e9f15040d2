"""Certificates and letters: printed from the decision's own facts, signed, checked by anybody, and taken back at once."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core.actors import SYSTEM
from disclosure.models import Disclosure
from referrals import actions
from referrals.models import Paper, PaperCheck
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.test_statement import browser, text_of
from trust import keys

pytestmark = pytest.mark.django_db


def test_a_certificate_is_printed_and_checked(world: World) -> None:
    keys.register(by=SYSTEM)
    referral = make.make_sent(world)
    paper = Paper.objects.get(referral=referral)
    clinician = browser(world, "clinician_kz")
    url = reverse("referrals:paper", args=[referral.pk, paper.pk, "certificate", "en"])
    answer = clinician.get(url)
    assert answer.status_code == 200, answer.content[:3000]
    open("/tmp/cert.pdf", "wb").write(answer.content)
    assert clinician.get(url).content == answer.content
    print(text_of(answer))
    page = Client().get(reverse("verify:one", args=[paper.code]))
    print(page.status_code, page.content.decode()[:4000])
    for part in ("patient", "clinician"):
        print(text_of(clinician.get(reverse("referrals:paper", args=[referral.pk, paper.pk, part, "en"]))))
    p = clinician.get(reverse("referrals:papers", args=[referral.pk]))
    assert p.status_code == 200
    print(PaperCheck.objects.all())
