"""The page of decision: granting, refusing, asking, and who may not."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

from core.actors import SYSTEM
from referrals import actions
from referrals.models import Authorisation, Referral, StatusChange
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.decision_pages import LIST, grant_data, page_of, signed_in


def test_an_officer_grants_and_goes_on_to_the_next_case(world: World) -> None:
    first, second, third = (make.make_in_review(world, priority=p) for p in ("asap", "urgent", "routine"))
    client = signed_in(world, "officer_kz")
    row = client.get(LIST + "?direction=out-KG").context["rows"][1]
    assert row["row"].number == second.number
    page = client.get(row["next_url"])
    assert page.context["place"] == "2 of 3"
    assert page.context["next_url"] == f"{page_of(third)}?part=to_decide&direction=out-KG"
    text = page.content.decode()
    for words in (
        "Why across the border",
        "Mitral valve repair",
        "Agreement of 26 June 1998",
        "not verified",
    ):
        assert words in text
    form = page.context["form"]
    assert form["valid_until"].value() == second.needed_by + timedelta(days=30)

    answer = client.post(
        row["next_url"], grant_data(second, ceiling_amount="2 500 000,50", ceiling_currency="KZT")
    )
    assert answer["Location"] == f"{page_of(third)}?part=to_decide&direction=out-KG"
    assert str(next(iter(get_messages(answer.wsgi_request)))).startswith(str(second.number))
    granted = Authorisation.objects.get(referral=second)
    assert (granted.state, str(granted.ceiling_amount), granted.ceiling_currency) == (
        "granted",
        "2500000.50",
        "KZT",
    )
    assert Referral.objects.get(pk=second.pk).state == "sent"

    answer = client.post(page_of(third), grant_data(third))
    assert answer["Location"] == f"{LIST}?part=to_decide"
    assert Referral.objects.get(pk=first.pk).state == "in_review"


def test_granting_in_part_refusing_and_asking(world: World) -> None:
    client = signed_in(world, "officer_kz")
    partly = make.make_in_review(world)
    data = grant_data(partly, choice="partly_grant", grant_code="in_part")
    assert set(client.post(page_of(partly), data).context["form"].errors) == {"care_text"}
    assert client.post(page_of(partly), data | {"care_text": "The operation only."}).status_code == 302
    assert Authorisation.objects.get(referral=partly).care_text == "The operation only."

    refused = make.make_in_review(world)
    data = {"choice": "refuse", "version": refused.version, "reason_text": "Astana has room next week."}
    assert set(client.post(page_of(refused), data).context["form"].errors) == {"refusal_code"}
    assert client.post(page_of(refused), data | {"refusal_code": "undue_delay"}).status_code == 422
    assert client.post(page_of(refused), data | {"refusal_code": "available_home"}).status_code == 302
    assert Referral.objects.get(pk=refused.pk).state == "refused"

    asked = make.make_in_review(world)
    data = {"choice": "request_information", "version": asked.version}
    assert set(client.post(page_of(asked), data).context["form"].errors) == {"question_1"}
    assert client.post(page_of(asked), data | {"question_2": "Fit for the road?"}).status_code == 302
    assert Referral.objects.get(pk=asked.pk).state == "info_requested"
    page = client.get(page_of(asked))
    assert "The clock stands still until the answer." in str(page.context["panel"].may_not)


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"choice": ""}, "choice"),
        ({"choice": "enter_in_error"}, "choice"),
        ({"reason_text": "   "}, "reason_text"),
        ({"reason_text": "x" * 2001}, "reason_text"),
        ({"grant_code": ""}, "grant_code"),
        ({"grant_code": "in_part"}, "grant_code"),
        ({"grant_code": "available_home"}, "grant_code"),
        ({"valid_until_month": "13"}, "valid_until"),
        ({"valid_until_year": "2020"}, "valid_until"),
        ({"ceiling_amount": "much"}, "ceiling_amount"),
        ({"ceiling_amount": "0", "ceiling_currency": "KZT"}, "ceiling_amount"),
        ({"ceiling_amount": "500"}, "ceiling_currency"),
        ({"ceiling_currency": "KZT"}, "ceiling_amount"),
        ({"ceiling_currency": "EUR"}, "ceiling_currency"),
    ],
)
def test_a_decision_that_lacks_something_decides_nothing(
    world: World, changes: dict[str, str], field: str
) -> None:
    referral = make.make_in_review(world)
    answer = signed_in(world, "officer_kz").post(page_of(referral), grant_data(referral, **changes))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert Referral.objects.get(pk=referral.pk).state == "in_review"


def test_who_may_not_decide(world: World) -> None:
    referral = make.make_in_review(world)
    coordinator = signed_in(world, "coordinator_kz")
    page = coordinator.get(page_of(referral))
    assert page.status_code == 200
    assert page.context["form"] is None
    assert "request_information" in [row["event"] for row in page.context["actions"]]
    assert coordinator.post(page_of(referral), grant_data(referral)).status_code == 403

    Referral.objects.filter(pk=referral.pk).update(filed_by=world.users["officer_kz"])
    own = signed_in(world, "officer_kz")
    page = own.get(page_of(referral))
    assert page.context["form"] is None
    assert "another officer must decide it" in page.content.decode()
    assert own.post(page_of(referral), grant_data(referral)).status_code == 403
    assert Referral.objects.get(pk=referral.pk).state == "in_review"
    assert signed_in(world, "officer2_kz").post(page_of(referral), grant_data(referral)).status_code == 302


def test_two_officers_and_two_clicks(world: World) -> None:
    referral = make.make_in_review(world)
    one, two = signed_in(world, "officer_kz"), signed_in(world, "officer2_kz")
    data = grant_data(referral)
    assert one.post(page_of(referral), data).status_code == 302
    calm = one.post(page_of(referral), data)
    assert calm.status_code == 302
    assert "The second click changed nothing." in str(next(reversed(list(get_messages(calm.wsgi_request)))))
    assert two.post(page_of(referral), data | {"choice": "refuse"}).status_code == 409
    assert StatusChange.objects.filter(referral=referral, event="grant").count() == 1

    changed = make.make_in_review(world)
    data = grant_data(changed, reason_text="Typed with care.")
    actions.request_information(changed.pk, by=world.actor("officer2_kz"), questions=["Fit?"])
    actions.answer(changed.pk, by=world.actor("clinician_kz"), answers={1: "Yes."})
    assert one.post(page_of(changed), data).status_code == 409
    actions.finish_screening(changed.pk, by=SYSTEM)
    stale = one.post(page_of(changed), data)
    assert stale.status_code == 412
    assert "Typed with care." in stale.content.decode()
    version = Referral.objects.get(pk=changed.pk).version
    assert one.post(page_of(changed), data | {"version": version}).status_code == 302


def test_an_appeal_is_decided_on_the_same_page(world: World) -> None:
    referral = make.make_in_review(world)
    actions.refuse(
        referral.pk,
        by=world.actor("officer_kz"),
        reason_code="available_home",
        reason_text="Astana has room.",
    )
    actions.appeal(referral.pk, by=world.actor("clinician_kz"), text="Astana has none.")
    version = Referral.objects.get(pk=referral.pk).version
    data = {"choice": "overturn", "version": version, "reason_text": "New facts."}
    first = signed_in(world, "officer_kz")
    assert "another officer must decide the appeal" in first.get(page_of(referral)).content.decode()
    assert first.post(page_of(referral), data).status_code == 403
    second = signed_in(world, "officer2_kz")
    assert "Astana has none." in second.get(page_of(referral)).content.decode()
    assert second.post(page_of(referral), data | {"reason_text": ""}).status_code == 422
    assert second.post(page_of(referral), data).status_code == 302
    page = second.get(page_of(referral))
    assert page.context["form"] is not None
    assert Referral.objects.get(pk=referral.pk).state == "in_review"
