"""What stands around the referrals of the demonstration: licences, waits, equipment, a concern, alerts."""

from datetime import timedelta

from core import zones
from core.actors import SYSTEM
from core.audit.log import record
from demo.data.world import DISTRICTS, World
from facilities.actions import sign_alert
from facilities.models import Facility, FacilityEquipment, FacilityService

#: Published waits in days, and equipment by the hospital's own word.
WAITS = {"F0100": 20, "F0104": 40, "F0157": 10, "F0010": 25, "F0060": 8, "F0093": 30}
DECLARED = {
    "F0104": ("angiography",),
    "F0157": ("heart_lung", "intensive_care"),
    "F0100": ("mri", "ct"),
    "F0058": ("heart_lung",),
}
LOST = ("F0093", "angiography")
CONCERN = "F0103"
#: Whose district, which group, and what is asked for.
ALERTS = (
    ("kz", "kz.kegen", "A20", "inform", "Эпизоотия чумы среди грызунов в высокогорном очаге."),
    ("uz", "uz.sirdaryo", "A00", "test_first", "Выделен возбудитель холеры из воды канала."),
    ("kg", "kg.uzgen", "B05", "stop", "Вспышка кори в районе, введены ограничения."),
)


def prepare(world: World) -> None:
    """Write all of it, as the desks and the officers would have; some days before the first referral."""
    today = zones.today()
    for code, days in WAITS.items():
        FacilityService.objects.filter(facility__organisation__code=code).update(wait_days=days)
        Facility.objects.filter(organisation__code=code).update(licence_number=f"TEST-{code}")
    rows = [
        FacilityEquipment(
            facility=Facility.objects.get(organisation__code=code),
            kind=kind,
            since=today,
            source="Test licence",
        )
        for code, kinds in DECLARED.items()
        for kind in kinds
    ]
    code, kind = LOST
    lost = Facility.objects.get(organisation__code=code)
    rows.append(
        FacilityEquipment(
            facility=lost, kind=kind, since=today - timedelta(days=900), until=today, source="Test licence"
        )
    )
    FacilityEquipment.objects.bulk_create(rows)
    flagged = Facility.objects.get(organisation__code=CONCERN)
    flagged.quality_flag = True
    flagged.save(update_fields=["quality_flag"])
    record("demo.surroundings", by=SYSTEM, subject=flagged, details={"facility": CONCERN})
    for country, place, group, measure, text in ALERTS:
        sign_alert(
            by=world.actors[f"officer.{country}"],
            area=world.districts[DISTRICTS[place]],
            group=group,
            since=today,
            until=today + timedelta(days=300),
            measure=measure,
            text=text,
            source="Test: letter of the sanitary service",
        )
