"""What every story of the demonstration shares: the cast and the reference rows by code."""

from dataclasses import dataclass, field

from core.actors import Actor
from demo.data.people import CLINICIANS, DESKS
from facilities.models import AdminUnit, Country, Facility, Icd10, Organisation, Specialty
from patients.models import Patient

#: The patients' districts: at the border, by the clinician's place.
DISTRICTS = {
    "kz": "314800000",
    "kz.saryagash": "615400000",
    "kz.kegen": "194400000",
    "uz": "1703220",
    "uz.sirdaryo": "1724231",
    "kg": "41706226000000",
    "kg.karabalta": "41708209000000",
    "kg.uzgen": "41706255000000",
}
#: Ceilings and estimates, in whole units of each currency.
AMOUNTS = {"KZT": 1_450_000, "UZS": 38_000_000, "KGS": 265_000}


@dataclass
class World:
    """The cast by user name, and the reference rows that the plan names."""

    actors: dict[str, Actor]
    facilities: dict[str, Facility] = field(default_factory=dict)
    districts: dict[str, AdminUnit] = field(default_factory=dict)
    inland: dict[str, AdminUnit] = field(default_factory=dict)
    funds: dict[str, Organisation] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    specialties: dict[str, Specialty] = field(default_factory=dict)
    diagnoses: dict[str, Icd10] = field(default_factory=dict)
    active_patients: dict[str, Patient] = field(default_factory=dict)
    #: Referrals whose work is left to the worker that starts after this.
    left: set[str] = field(default_factory=set)

    def load(self, codes: set[str], specialties: set[str], diagnoses: set[str]) -> "World":
        """Read the reference rows; KeyError later for one that the reference doesn't have."""
        facilities = Facility.objects.select_related("organisation__country", "admin_unit")
        self.facilities = {
            row.organisation.code: row for row in facilities.filter(organisation__code__in=codes)
        }
        units = AdminUnit.objects.select_related("country")
        self.districts = {row.code: row for row in units.filter(code__in=DISTRICTS.values())}
        touching = units.filter(level=2, lat__isnull=False, adjacent_as_a=None, adjacent_as_b=None)
        for unit in touching.order_by("country", "code"):
            self.inland.setdefault(unit.country_id, unit)
        self.funds = {
            row.country_id or "": row for row in Organisation.objects.filter(kind=Organisation.Kind.FUND)
        }
        self.currencies = dict(Country.objects.values_list("code", "currency"))
        self.specialties = {row.code: row for row in Specialty.objects.filter(code__in=specialties)}
        self.diagnoses = {row.pk: row for row in Icd10.objects.filter(pk__in=diagnoses)}
        return self


def facility_codes() -> set[str]:
    """Every facility that the cast works for."""
    return {*CLINICIANS.values(), *DESKS.values()}
