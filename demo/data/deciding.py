"""What the directing ministry does, each step by the action of real use."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.actors import SYSTEM, Actor
from core.permissions import Permission
from demo.data.kit import Base
from demo.data.world import AMOUNTS
from referrals import actions
from referrals.models import Referral


class Ministry(Base):
    """Officers and the coordinator."""

    def request_information(self) -> None:
        questions = [
            "Транспортабелен ли пациент и нужно ли сопровождение?",
            "Есть ли более новое заключение специалиста?",
        ]
        actions.request_information(self.referral.pk, by=self.ministry("coordinator"), questions=questions)

    def _grant_terms(self, days: int) -> dict[str, Any]:
        currency = self.world.currencies[self.country]
        return {
            "by": self.ministry("officer"),
            "valid_from": self.today,
            "valid_until": self.today + timedelta(days=days),
            "ceiling_amount": Decimal(AMOUNTS[currency]),
            "ceiling_currency": currency,
        }

    def _body(self) -> Actor:
        """Somebody of the body that has the case now."""
        referral = Referral.objects.get(pk=self.referral.pk)
        if referral.deciding_body_id is None:
            return self.world.actors[f"officer.{referral.deciding_country.lower()}"]
        return next(
            actor
            for actor in self.world.actors.values()
            if actor.organisation_id == referral.deciding_body_id and actor.has(Permission.APPROVE)
        )

    def approve(self) -> None:
        """The body that has the case approves, and the next one has it."""
        text = "Помощь показана, дома она не оказывается в нужный срок."
        terms = {**self._grant_terms(90), "by": self._body()}
        actions.grant(self.referral.pk, reason_code="undue_delay", reason_text=text, **terms)

    def sign_first(self) -> None:
        """Above the ceiling one officer signs, and another one has to."""
        text = "Операция дороже порога, поэтому нужна вторая подпись."
        terms = {**self._grant_terms(90), "ceiling_amount": Decimal(7_500_000), "ceiling_currency": "KZT"}
        actions.grant(self.referral.pk, reason_code="not_available_home", reason_text=text, **terms)

    def refuse_stage(self) -> None:
        text = "Республиканский центр оказывает эту помощь; место предложено на следующей неделе."
        actions.refuse(self.referral.pk, by=self._body(), reason_code="available_home", reason_text=text)

    def grant(self, days: int = 90) -> None:
        code, text = self.random.choice(
            [
                ("undue_delay", "Ожидание дома длиннее срока, который назвал специалист."),
                ("not_available_home", "В областных больницах такая помощь не оказывается."),
                ("nearest_hospital", "Принимающая больница — ближайшая из тех, где есть такая помощь."),
            ]
        )
        actions.grant(self.referral.pk, reason_code=code, reason_text=text, **self._grant_terms(days))

    def partly_grant(self) -> None:
        actions.partly_grant(
            self.referral.pk,
            reason_code="in_part",
            reason_text="Обследование оплачивается; о лечении решим по его результатам.",
            care_text="Обследование и первая консультация, без курса лечения",
            **self._grant_terms(90),
        )

    def refuse(self) -> None:
        text = "Помощь оказывается в областном центре в срок, который назвал специалист; место предложено."
        by = self.ministry("officer")
        actions.refuse(self.referral.pk, by=by, reason_code="available_home", reason_text=text)

    def uphold(self) -> None:
        text = "Место дома подтверждено на следующую неделю, новых медицинских оснований нет."
        actions.uphold(self.referral.pk, by=self.ministry("officer2"), reason_text=text)

    def overturn(self) -> None:
        text = "Место дома оказалось занято: обстоятельства изменились, решение принимается заново."
        actions.overturn(self.referral.pk, by=self.ministry("officer2"), reason_text=text)

    def extend(self) -> None:
        until = Referral.objects.get(pk=self.referral.pk).authorisation.valid_until
        assert until is not None, "an authorisation in force has its last day"
        actions.extend(
            self.referral.pk,
            by=self.ministry("officer"),
            valid_until=until + timedelta(days=60),
            reason_text="Операция перенесена принимающей больницей.",
        )

    def revoke(self) -> None:
        text = "Пациент принят в областном центре, необходимость в поездке отпала."
        actions.revoke(self.referral.pk, by=self.ministry("officer"), reason_text=text)

    def expire(self) -> None:
        actions.expire(self.referral.pk, by=SYSTEM)

    def cancel(self) -> None:
        text = "Принимающая сторона временно не принимает: ремонт отделения."
        actions.cancel(self.referral.pk, by=self.ministry("coordinator"), reason_text=text)

    def review_emergency(self) -> None:
        text = "Угроза жизни подтверждена записью триажа, направление обосновано."
        actions.review_emergency(self.referral.pk, by=self.ministry("officer"), review_text=text)

    def review_opening(self) -> None:
        opened = Referral.objects.get(pk=self.referral.pk).emergency_accesses.get()
        actions.review_emergency_access(
            self.referral.pk,
            by=self.ministry("officer"),
            access_id=opened.pk,
            verdict="justified",
            review_text="Запись приёмного отделения подтверждает состояние пациента. Доступ был нужен.",
        )

    def re_route(self, code: str) -> None:
        self.host = self.world.facilities[code]
        actions.re_route(
            self.referral.pk,
            by=self.ministry("coordinator"),
            host_facility=self.host,
            reason_text="Эта больница подтвердила место по телефону.",
        )
