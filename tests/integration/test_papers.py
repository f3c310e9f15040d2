"""Certificates and letters: printed from the decision's own facts, signed, checked by anybody, taken back at once."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import languages
from core.actors import SYSTEM
from core.audit.models import AuditRow
from disclosure.models import Disclosure
from patients.models import Consent
from referrals import actions, issuing
from referrals.models import Paper, PaperCheck
from tests import offline
from tests.clock import ALMATY, set_to
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.test_statement import browser, text_of
from trust import keys
from trust.models import SigningKey
from trust.signers import text_of as in_base64

pytestmark = pytest.mark.django_db
TITLES = {
    "kk": "Рұқсат сертификаты",
    "ru": "Сертификат разрешения",
    "uz": "Ruxsatnoma sertifikati",
    "ky": "Уруксат сертификаты",
    "en": "Certificate of authorisation",
}


def url(paper: Paper, part: str = "certificate", language: str = "en") -> str:
    return reverse("referrals:paper", args=[paper.referral_id, paper.pk, part, language])


def checked(code: str, **headers: str) -> Any:
    return Client().get(reverse("verify:one", args=[code]), headers=headers)


def outcome(answer: Any) -> str:
    return answer.content.decode().partition('data-outcome="')[2].partition('"')[0]


def signed(paper: Paper) -> str:
    """The text of the QR code, of the certificate as it was printed."""
    paper.refresh_from_db()
    return paper.token


def pasted(text: str) -> Any:
    return Client().post(reverse("verify:ask"), {"text": text})


def published() -> dict[str, Any]:
    answer = Client().get(reverse("trust:keys"))
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_a_certificate_is_printed_signed_and_verified_without_a_network(world: World) -> None:
    referral = make.make_sent(world)
    paper, clinician = Paper.objects.get(referral=referral), browser(world, "clinician_kz")
    answer = clinician.get(url(paper))
    assert answer.status_code == 409, "no ministry's key is published yet"
    assert not Paper.objects.exclude(token="").exists()
    keys.register(by=SYSTEM)
    answer = clinician.get(url(paper))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    assert referral.patient.family_name not in answer["Content-Disposition"]
    assert clinician.get(url(paper)).content == answer.content, "the same bytes each time"
    text = text_of(answer)
    authority = str(world.users["officer_kz"].memberships.get().organisation)
    for said in (referral.number, referral.patient.full_name, referral.service, authority, "Test officer_kz"):
        assert str(said) in text
    code = issuing.shown_code(paper.code or "")
    assert f"http://127.0.0.1:8000/verify/{code}" in text, "the paper says which address is the true one"

    claims = offline.verify(signed(paper), published(), timezone.now().timestamp())
    content = claims[-260][-65537]
    assert (claims[1], content["id"], content["name"]) == ("KZ", referral.number, referral.patient.full_name)
    assert content["code"] == paper.code
    assert referral.service not in str(content), "a border needn't know the care"
    for language, title in TITLES.items():
        assert title in text_of(clinician.get(url(paper, language=language))), language
    assert set(TITLES) == set(languages.CODES)
    shown = Disclosure.objects.filter(what="referrals.paper")
    assert shown.count() == 2 + len(TITLES)
    assert set(shown.values_list("actor_label", "clinical")) == {("Test clinician_kz", True)}

    for wrong in ("certificate/tt", "secret/en"):
        assert clinician.get(url(paper).replace("certificate/en", wrong)).status_code == 404
    other = Paper.objects.get(referral=make.make_sent(world))
    assert clinician.get(url(paper).replace(f"/{paper.pk}/", f"/{other.pk}/")).status_code == 404
    for name, status in (("clinician_uz", 404), ("officer_kg", 403), ("host_desk_kg", 200)):
        assert browser(world, name).get(url(paper)).status_code == status, name
    api = make_api(world.bishkek)
    listed = api.get(f"referrals/{referral.pk}/papers/").data
    link = listed["papers"][0]["parts"][0]["links"]["kk"]
    assert api.get(f"referrals/{referral.pk}/").data["links"]["papers"].endswith("/papers/")
    assert TITLES["kk"] in text_of(api.get(link, Accept="application/pdf"))
    Consent.objects.filter(pk=referral.consent_id).update(
        withdrawn_at=timezone.now(), withdrawn_by_label="Test clinician"
    )
    assert browser(world, "host_desk_kg").get(url(paper)).status_code == 403, "the consent hides it again"
    assert api.get(f"referrals/{referral.pk}/papers/").status_code == 403
    assert api.get(f"referrals/{referral.pk}/").data["links"]["papers"] is None
    found = checked(paper.code or "")
    assert outcome(found) == "valid"
    assert referral.number not in found.content.decode(), "of who took the consent back nothing more is said"


def test_anybody_may_check_and_is_told_no_more_than_the_paper_says(world: World) -> None:
    referral = make.make_sent(world)
    paper, officer = Paper.objects.get(referral=referral), browser(world, "officer_kz")
    code = issuing.shown_code(paper.code or "")
    answer = checked(code)
    page = answer.content.decode()
    assert (answer.status_code, outcome(answer)) == (200, "valid")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert referral.number in page
    for hidden in (referral.patient.family_name, referral.service, str(referral.specialty), "Test officer"):
        assert hidden not in page
    for language, word in (
        ("kk", "Жарамды"),
        ("ru", "Действителен"),
        ("uz", "Amal qiladi"),
        ("ky", "Жарактуу"),
    ):
        assert word in checked(code, accept_language=language).content.decode()
    assert outcome(checked(code.lower().replace("-", ""))) == "valid"
    assert pasted(f" {code} ")["Location"] == reverse("verify:one", args=[code])
    for unknown in ("0" * 16, "short", "x" * 300, "ПРОВЕРКА"):
        found = checked(unknown)
        assert (found.status_code, outcome(found)) == (404, "unknown")
    assert pasted("nonsense").status_code == pasted("").status_code == 422
    assert PaperCheck.objects.count() == 6
    assert "6 times" in officer.get(reverse("referrals:papers", args=[referral.pk])).content.decode()
    assert "6 times" in officer.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    for name in ("clinician_kz", "host_desk_kg"):
        assert (
            b"6 times"
            not in browser(world, name).get(reverse("referrals:papers", args=[referral.pk])).content
        )
    first = actions.revoke(referral.pk, by=world.actor("officer_kz"), reason_text="The need has passed.")
    assert outcome(checked(code)) == "revoked", "at once"
    letter = text_of(officer.get(url(Paper.objects.get(kind="revocation"), "patient")))
    assert "The need has passed." in letter
    assert officer.get(url(Paper.objects.get(kind="revocation"))).status_code == 404, "no certificate of that"
    assert first.state == "cancelled"
    assert checked(code)["X-Robots-Tag"]


def test_guessing_codes_is_made_slow(world: World) -> None:
    paper = Paper.objects.get(referral=make.make_sent(world))
    answers = [checked(f"{number:016}").status_code for number in range(32)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert checked(paper.code or "").status_code == 429
    assert Client(REMOTE_ADDR="10.1.2.3").get(reverse("verify:one", args=[paper.code])).status_code == 200


def test_it_is_valid_to_the_end_of_its_last_day_where_it_was_issued(world: World) -> None:
    keys.register(by=SYSTEM)
    referral = make.make_sent(world)
    paper = Paper.objects.get(referral=referral)
    browser(world, "clinician_kz").get(url(paper))
    token, document = signed(paper), published()
    last = date.fromisoformat(paper.facts["valid_until"])
    midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=ALMATY)
    for moment, wanted in ((midnight - timedelta(minutes=1), "valid"), (midnight, "expired")):
        with set_to(moment, still=True):
            assert outcome(checked(paper.code or "")) == wanted
    stamp = midnight.timestamp()
    assert offline.verify(token, document, stamp + 60), "a reader's clock may be wrong by a little"
    with pytest.raises(offline.Refused, match="expired"):
        offline.verify(token, document, stamp + 301)
    with pytest.raises(offline.Refused, match="not yet"):
        offline.verify(token, document, stamp - 400 * 86400)
    later = actions.extend(
        referral.pk,
        by=world.actor("officer_kz"),
        valid_until=last + timedelta(days=20),
        reason_text="The ward had no bed.",
        evidence={
            "dated_on": timezone.localdate(),
            "author": "Dr. Test, surgeon",
            "text": "The need goes on.",
        },
    )
    assert later.authorisation.valid_until == last + timedelta(days=20)
    assert "The need goes on." in [row.text for row in later.evidence.all()]
    assert later.checks.count() == 2, "the rules are asked again"
    newer = Paper.objects.get(kind="extension")
    with set_to(midnight, still=True):
        assert outcome(checked(paper.code or "")) == "expired", "the old paper says no more than it shows"
        assert outcome(checked(newer.code or "")) == "valid"


def test_a_changed_text_a_strange_key_and_a_revoked_one(world: World) -> None:
    keys.register(by=SYSTEM)
    referral = make.make_sent(world)
    paper, clinician = Paper.objects.get(referral=referral), browser(world, "clinician_kz")
    before = clinician.get(url(paper)).content
    token, now = signed(paper), timezone.now().timestamp()
    assert pasted(token)["Location"] == reverse("verify:one", args=[paper.code])
    row = keys.to_sign_with("KZ")
    assert row is not None

    claims = issuing.claims_of(paper)
    strange = keys.hcert.write(claims, key_id=b"stranger", sign=lambda _content: b"1" * 64)
    forged = keys.hcert.write(claims, key_id=keys.bytes_of(row.pk), sign=lambda _content: b"1" * 64)
    kg = keys.to_sign_with("KG")
    assert kg is not None
    abroad = keys.sign(claims, kg)  # another ministry's key doesn't speak for this one
    for text, wanted, refused in (
        (strange, "unknown_key", "unknown key"),
        (forged, "tampered", "signature"),
        (abroad, "tampered", "issuer"),
    ):
        assert outcome(pasted(text)) == wanted
        with pytest.raises(offline.Refused, match=refused):
            offline.verify(text, published(), now)

    call_command("signing_keys", "revoke", row.pk, "The disk was stolen.")
    assert outcome(pasted(token)) == "revoked_key"
    with pytest.raises(offline.Refused, match="revoked key"):
        offline.verify(token, published(), now)
    assert outcome(checked(paper.code or "")) == "valid", "the authorisation itself stands"
    assert clinician.get(url(paper)).status_code == 409, "there is no other key yet"
    with pytest.raises(CommandError, match="No key can sign now for: KZ"):
        call_command("signing_keys", "list")
    with pytest.raises(CommandError, match="No key has this id"):
        call_command("signing_keys", "retire", "nothing")
    assert before
    assert set(
        AuditRow.objects.filter(action__startswith="signing_key.").values_list("action", flat=True)
    ) == {
        "signing_key.register",
        "signing_key.revoke",
    }
    of_kz = json.loads(Client().get(reverse("trust:keys_of", args=["KZ"])).content)
    assert of_kz["id"] == "did:web:127.0.0.1%3A8000:trust:KZ"
    assert of_kz["assertionMethod"] == []
    assert Client().get(reverse("trust:keys_of", args=["XX"])).status_code == 404


def test_a_new_key_is_published_before_it_signs(world: World, settings: Any) -> None:
    keys.register(by=SYSTEM)
    old = keys.to_sign_with("KZ")
    assert old is not None
    settings.SIGNING_KEYS = [*settings.SIGNING_KEYS, f"KZ:{in_base64(b'a second key of kazakhstan, test')}"]
    (new,) = keys.register(by=SYSTEM)
    assert keys.register(by=SYSTEM) == []
    assert keys.to_sign_with("KZ") == old, "readers must have it first"
    assert len(published()["verificationMethod"]) == 4
    with set_to(timezone.now().astimezone(ALMATY) + timedelta(days=1, minutes=1)):
        assert keys.to_sign_with("KZ") == new
        settings.SIGNING_KEYS = settings.SIGNING_KEYS[:3]
        assert keys.to_sign_with("KZ") == old, "a key that isn't at hand signs nothing"
        keys.retire(old.pk, by=SYSTEM)
        assert keys.to_sign_with("KZ") is None
    document = published()
    assert f"did:web:127.0.0.1%3A8000:trust#{old.pk}" in document["assertionMethod"], (
        "what it signed is genuine"
    )
    assert SigningKey.objects.count() == 4
