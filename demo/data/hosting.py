"""What the host hospital does, each step by the action of real use."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from demo.data.kit import Base
from referrals import actions


class Host(Base):
    """The host's desk."""

    admitted_on: date

    def _stay(self, days: float) -> tuple[datetime, datetime]:
        first = timezone.localtime(timezone.now() + timedelta(days=days)).replace(
            hour=9, minute=0, second=0, microsecond=0
        )
        return first, first + timedelta(days=7, hours=3)

    def accept(self, days: float = 12) -> None:
        note = "Возьмите документ, выписки и снимки на диске."
        start, end = self._stay(days)
        actions.accept(self.referral.pk, by=self.desk, note=note, starts_at=start, ends_at=end)

    def decline(self) -> None:
        text = "Отделение заполнено на шесть недель, раньше места не будет."
        actions.decline(self.referral.pk, by=self.desk, reason_code="no_capacity", reason_text=text)

    def schedule(self, days: float = 10) -> None:
        place = f"Палата {self.number % 40 + 1}, койка {self.number % 3 + 1}"
        start, end = self._stay(days)
        actions.schedule(self.referral.pk, by=self.desk, place=place, starts_at=start, ends_at=end)

    def admit(self) -> None:
        actions.admit(self.referral.pk, by=self.desk)
        self.admitted_on = self.today

    def open_in_emergency(self) -> None:
        text = "Пациент доставлен к нам без сознания, нужны диагноз и перечень лекарств; спросить его нельзя."
        actions.open_in_emergency(self.referral.pk, by=self.desk, reason=text, hours=24)

    def discharge(self) -> None:
        actions.discharge(
            self.referral.pk,
            by=self.desk,
            admitted_on=self.admitted_on,
            discharged_on=self.today,
            care_given=self.case.care,
            outcome=self.case.outcome,
            advice=self.case.advice,
        )

    def record_death_in_hospital(self) -> None:
        actions.record_death(self.referral.pk, by=self.desk, deceased_on=self.today)
