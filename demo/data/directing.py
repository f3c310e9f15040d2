"""What the directing hospital does, each step by the action of real use."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from demo.data import circumstances
from demo.data.kit import Base
from demo.data.world import AMOUNTS, DISTRICTS
from patients.actions import record_consent, register_patient, withdraw_consent
from patients.synthetic import synthetic_coverage, synthetic_person
from referrals import actions


class DirectingSide(Base):
    """The clinician: patient, draft, filing, and what follows at home."""

    _pages: dict[str, Any] | None = None

    def register(self, *, unknown: bool = False) -> None:
        """The patient, with numbers and coverage."""
        problem = self.row.problem
        if problem == "second":
            self.patient = self.world.active_patients[self.row.clinician]
            return
        person = self._unknown_person() if unknown else self._person()
        coverage = None
        if not unknown and problem != "uninsured":
            coverage = synthetic_coverage(self.country, self.world.funds[self.country].pk, self.today)
            coverage["valid_from"] = max(self.today - timedelta(days=500), person["birth_date"])
            if problem == "stated":
                coverage["source"] = "stated"
            if problem == "lapsed":
                coverage["valid_to"] = self.today - timedelta(days=20)
        self.patient = register_patient(by=self.clinician, coverage=coverage, **person)
        if self.row.fate in {"extended", "scheduled"}:
            self.world.active_patients.setdefault(self.row.clinician, self.patient)

    def _person(self) -> dict[str, Any]:
        days = int(self.case.age * 365.25) + self.random.randrange(1, 300)
        district = self.world.districts[DISTRICTS[self.row.clinician]]
        if self.row.problem == "inland":
            district = self.world.inland[self.country]
        person = synthetic_person(
            self.number,
            self.country,
            sex=self.case.sex,
            birth_date=self.today - timedelta(days=days),
            residence_district=district.pk,
        )
        if self.row.problem == "stateless":
            person |= {"citizenships": [], "citizenship_status": "stateless"}
        if self.row.problem in {"passport", "stateless"}:
            person["identifiers"] = []
        if self.number % 3 == 0:
            person["email"] = ""  # told by SMS
        return person

    def _unknown_person(self) -> dict[str, Any]:
        return {
            "is_unknown": True,
            "is_synthetic": True,
            "sex": self.case.sex or "unknown",
            "preferred_language": "ru",
            "birth_date": self.today - timedelta(days=self.case.age * 365),
            "birth_date_estimated": True,
            "description": "Мужчина около 35 лет, тёмная куртка, без документов. Доставлен с места ДТП.",
        }

    def fill(self, *, ground: bool = False) -> None:
        """Everything but the consent at once, as a hospital's own system files it."""
        self._pages = {}
        self.fill_care()
        self.fill_diagnosis()
        self.fill_priority(ground=ground)
        self.fill_host()
        self.fill_payer()
        self.save("care", circumstances=circumstances.stated(self.number, self.country, self.row.case))
        pages, self._pages = self._pages, None
        self.save("", pages.pop("evidence", None), **pages)

    def start(self) -> None:
        self.referral = actions.start_draft(patient_id=self.patient.pk, by=self.clinician)

    def save(self, page: str, evidence: dict[str, Any] | None = None, **content: Any) -> None:
        if self._pages is not None:
            self._pages |= content | ({"evidence": evidence} if evidence else {})
            return
        self.referral = actions.save_draft(
            self.referral.pk, by=self.clinician, content=content, evidence=evidence, page=page
        )

    def fill_care(self) -> None:
        self.save(
            "care",
            specialty=self.world.specialties[self.case.specialty],
            service=self.case.service,
            care_mode=self.case.mode,
        )

    def fill_diagnosis(self) -> None:
        self.save(
            "clinical",
            evidence={
                "dated_on": self.today
                - timedelta(days=52 if self.row.problem == "old_report" else self.number % 9 + 2),
                "author": self.case.author,
                "text": self.case.report,
            },
            diagnosis=self.world.diagnoses[self.case.diagnosis],
            clinical_reason=self.case.reason,
            goal=self.case.goal,
        )

    def fill_priority(self, *, ground: bool = False) -> None:
        content: dict[str, Any] = {"priority": self.row.priority}
        if self.row.priority == "stat":
            content["triage_note"] = self.case.triage
            if ground:
                content["emergency_ground"] = (
                    "Пациент без сознания, родственники не найдены, промедление опасно для жизни."
                )
        else:
            days = {"asap": 5, "urgent": 14}.get(self.row.priority, 60)
            content["needed_by"] = self.today + timedelta(days=days)
            content["needed_by_reason"] = "Срок указан специалистом: позднее ожидается ухудшение."
        self.save("priority", **content)

    def fill_host(self) -> None:
        self.save("host", host_facility=self.host)

    def fill_payer(self) -> None:
        currency = self.world.currencies[self.country]
        amount = Decimal(AMOUNTS[currency]) * self.random.randrange(60, 140) / 100
        self.save(
            "payer",
            payer="ministry" if self.row.problem == "state" else "fund",
            estimate_amount=amount.quantize(Decimal(1)),
            estimate_currency=currency,
        )

    def consent(self) -> None:
        short = self.row.problem == "short_consent"
        given = record_consent(
            by=self.clinician,
            patient_id=self.patient.pk,
            purpose="treatment",
            recipient_country=self.host.country_code,
            valid_from=self.today,
            valid_to=self.today + timedelta(days=20 if short else 365),
            how="representative" if self.case.age < 18 else "written",
            given_by="Тестов Родственник, родитель" if self.case.age < 18 else "",
        )
        self.save("consent", consent=given)

    def withdraw_consent(self) -> None:
        given = self.referral.consent_id
        assert given is not None, "the story has a consent"
        withdraw_consent(by=self.clinician, patient_id=self.patient.pk, consent_id=given)

    def submit(self) -> None:
        self.referral = actions.submit(self.referral.pk, by=self.clinician)
        if str(self.referral.pk) not in self.world.left:
            self._complete()

    def _complete(self) -> None:
        """What a filed referral alone takes: more papers, and what a consilium found."""
        for paper in circumstances.papers(self.number, self.country, self.today):
            actions.add_evidence(self.referral.pk, by=self.clinician, **paper)
        found = circumstances.consilium(self.number, self.case, self.today)
        if found is not None:
            actions.record_consilium(self.referral.pk, by=self.clinician, **found)

    def answer(self) -> None:
        actions.answer(
            self.referral.pk,
            by=self.clinician,
            answers={
                1: "Транспортабелен, сопровождение фельдшера достаточно.",
                2: "Новое заключение приложено.",
            },
            evidence={
                "dated_on": self.today,
                "author": self.case.author,
                "text": f"Повторный осмотр. {self.case.report}",
            },
        )

    def appeal(self) -> None:
        text = "Дома очередь длиннее срока, который назвал специалист. Просим рассмотреть решение ещё раз."
        actions.appeal(self.referral.pk, by=self.clinician, text=text)

    def withdraw(self) -> None:
        actions.withdraw(self.referral.pk, by=self.clinician, reason_code="treated_elsewhere")

    def close(self) -> None:
        actions.close(self.referral.pk, by=self.clinician)

    def enter_in_error(self) -> None:
        text = "Направление оформлено на другого пациента с похожей фамилией."
        actions.enter_in_error(self.referral.pk, by=self.clinician, reason_text=text)

    def record_death(self) -> None:
        actions.record_death(self.referral.pk, by=self.clinician, deceased_on=self.today)
