"""The facts that rules work on: plain values, gathered once for a check."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class IdentifierFact:
    """An identifier of the patient. `errors` and `warnings` are codes of `patients.identifiers`. No value here.

    `expires_on` is the last day on which the document is valid.
    """

    system: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class PatientFact:
    """Who the patient is. `borders` names the countries that the district of residence borders.

    `birth_date` has as much as is known: “1961”, “1961-03”, “1961-03-05”, or nothing. `citizenship_status` is known
    (with the codes of any countries), stateless or not_known. `residence_name` has the district's name by language,
    since the outcome is read in several; `residence_country` may be any country, and known without a district.
    `of_age_on` is the eighteenth birthday, where the day of birth is known.
    """

    is_unknown: bool
    birth_date: str
    citizenship_status: str
    citizenships: tuple[str, ...]
    residence_country: str
    residence_district: str
    residence_name: Mapping[str, str]
    borders: tuple[str, ...]
    identifiers: tuple[IdentifierFact, ...]
    of_age_on: date | None = None


@dataclass(frozen=True, slots=True)
class CoverageFact:
    """Who pays. `source` is register, document or stated; `country` is empty for the patient's own purse."""

    kind: str
    valid_from: date
    valid_to: date | None
    source: str
    country: str


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """A consent that was recorded. `withdrawn` counts whatever its dates say.

    `by_representative`: a legal representative gave it, not the patient. `for_host`: it names the host hospital, or no
    hospital.
    """

    purpose: str
    recipient_country: str
    valid_from: date
    valid_to: date
    withdrawn: bool
    by_representative: bool = False
    for_host: bool = True


@dataclass(frozen=True, slots=True)
class ReportFact:
    """The newest specialist's report. `position` is the author's rank as the portal codes it, empty where unknown."""

    dated_on: date
    author: str
    position: str = ""


@dataclass(frozen=True, slots=True)
class EquipmentFact:
    """Equipment that a facility has by its own word, or by that of a list for a whole group of facilities."""

    kind: str
    since: date | None
    until: date | None
    for_group: bool


@dataclass(frozen=True, slots=True)
class HostFact:
    """The host as the directory has it. `offer_basis` is source, name, type, person or empty (not offered).

    `wait_days` is the wait that it publishes; `confirmed` says whether somebody stands for its data.
    """

    name: str
    country: str
    active: bool
    accepts_referrals: bool
    offer_basis: str
    offer_verified: bool
    licence_from: date | None
    licence_until: date | None
    licence_number: str = ""
    equipment: tuple[EquipmentFact, ...] = ()
    quality_concern: bool = False
    confirmed: bool = True
    wait_days: int | None = None


@dataclass(frozen=True, slots=True)
class AgreementFact:
    """An agreement that has both countries and covers such care, with the dates of its force where they are known."""

    code: str
    name: Mapping[str, str]
    since: date | None
    until: date | None

    def in_force_on(self, day: date) -> bool:
        """Whether the dates that are known allow it. An unknown date doesn't exclude."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class PolicyFact:
    """What may leave the directing country for the host country: kinds of data, since when and until when.

    `everything`: no kind of data is left out. Several rows may be in force; the one that began last counts.
    """

    purpose: str
    kinds: tuple[str, ...]
    everything: bool
    since: date | None
    until: date | None
    verified: bool

    def in_force_on(self, day: date) -> bool:
        """Whether the dates that are known allow it. An unknown date doesn't exclude."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class OtherReferralFact:
    """Another active referral of the same person. `same_care`: the same specialty and diagnosis."""

    number: str
    same_care: bool
    same_record: bool
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A document that stands beside the referral, by its kind."""

    kind: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class OfferFact:
    """The host's date, in days at the host's place."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class AuthorisedFact:
    """The window and the ceiling of an authorisation in force. `ceiling` is a decimal number as text, or empty."""

    since: date
    until: date
    ceiling: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class QuotaFact:
    """What a body may grant in a year, and how much of it is left; `held` if this referral has its part already."""

    allowed: int
    left: int
    held: bool


@dataclass(frozen=True, slots=True)
class AlertFact:
    """A public-health alert that touches the two countries, with the area's name by language.

    `on_route`: its area has the patient's home, the crossing or the host. `at_home`: a district of the country where
    the patient lives, while the patient's own district isn't recorded. `of_diagnosis`: the diagnosis is of its group.
    """

    area: Mapping[str, str]
    group: str
    measure: str
    since: date
    until: date
    on_route: bool
    at_home: bool
    of_diagnosis: bool


@dataclass(frozen=True, slots=True)
class ListedFact:
    """An entry of the list of care for which a country sends abroad, where the diagnosis is among its own."""

    code: str
    name: Mapping[str, str]
    invited: bool
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class ConsiliumFact:
    """The newest record of the panel that says whether the patient may travel."""

    dated_on: date
    finding: str
    members: int


@dataclass(frozen=True, slots=True)
class CircumstancesFact:
    """What the directing clinician stated beside the report; empty or None where nothing is stated.

    `home_from` is the first day on which the care could be had at home. `equipment` is what the care needs.
    """

    home_from: date | None = None
    home_lacks: str = ""
    risk: str = ""
    in_basket: str = ""
    eaeu: str = ""
    translations: str = ""
    commission: str = ""
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules of one check may look at.

    `agreements` has the one that the referral rests on, and those that could stand in its place, the first to be
    chosen first. `estimate` is a decimal number as text. `list_is_kept`: the directing country has a list of care for
    which it sends abroad. What hangs on the day is kept as a day and compared with `today` by the rule: so `calendar`
    can ask what a rule will say tomorrow.
    """

    today: date
    priority: str
    directing_country: str
    host_country: str
    agreement_code: str
    agreement_parties: tuple[str, ...]
    diagnosis_code: str
    goal_given: bool
    reason_given: bool
    triage_note_given: bool
    emergency_ground_given: bool
    needed_by: date | None
    patient: PatientFact
    coverages: tuple[CoverageFact, ...]
    consents: tuple[ConsentFact, ...]
    report: ReportFact | None
    host: HostFact
    other_referrals: tuple[OtherReferralFact, ...]
    agreements: tuple[AgreementFact, ...] = ()
    policies: tuple[PolicyFact, ...] = ()
    care_mode: str = ""
    payer: str = ""
    estimate: str = ""
    currency: str = ""
    documents: tuple[DocumentFact, ...] = ()
    circumstances: CircumstancesFact = CircumstancesFact()
    consilium: ConsiliumFact | None = None
    offer: OfferFact | None = None
    authorised: AuthorisedFact | None = None
    quota: QuotaFact | None = None
    alerts: tuple[AlertFact, ...] = ()
    listed: tuple[ListedFact, ...] = ()
    list_is_kept: bool = False

    @property
    def is_emergency(self) -> bool:
        """Care that needs no prior authorisation."""
        return self.priority == "stat"

    @property
    def is_publicly_paid(self) -> bool:
        """Whether the fund or the ministry pays, or nobody said yet who does."""
        return self.payer not in {"patient", "other"}
