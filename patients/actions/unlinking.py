from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import IllegalTransition, Invalid, NotKnown
from core.outbox.publish import publish
from patients import access, wording
from patients.actions.consent import clean_giver, label_of
from patients.events import LINK_ENDED
from patients.known import country_of, links_of
from patients.models import Registration


@action
def end_link(
    *, by: Actor, patient_id: UUID, registration_id: int, how: str, given_by: str = ""
) -> Registration:
    """Record that the patient takes back the consent by which a facility reads what another one recorded.

    Said at that facility, or at the one whose record it is. From this moment it covers nothing. Raises NotKnown,
    IllegalTransition for one that is over, Invalid with `how` or `given_by`.
    """
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    rows = links_of(by, patient).select_for_update(of=("self",))
    link = rows.filter(pk=registration_id).first()
    if link is None:
        raise NotKnown(_("There is no such consent of this patient."))
    if link.withdrawn_at is not None:
        raise IllegalTransition(_("This consent was withdrawn already."))
    errors: dict[str, list[wording.Text]] = {}
    giver = clean_giver(how, given_by, patient.full_name, errors)
    if errors:
        raise Invalid(errors)
    link.withdrawn_at = timezone.now()
    link.withdrawn_by_label = label_of(by)
    link.save(update_fields=["withdrawn_at", "withdrawn_by_label"])
    details: dict[str, Any] = {
        "facility": link.facility_id,
        "covers": link.covers,
        "how": how,
        "given_by": giver,
    }
    concerned = {by.country, country_of(link.facility_id), country_of(patient.recorder_id)}
    for country in sorted(concerned - {""}):
        record("patient.link_ended", by=by, subject=patient, country=country, details=details)
    publish(LINK_ENDED, subject=link, payload={"patient": str(patient.pk)}, by=by)
    return link
