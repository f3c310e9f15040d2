"""What is left of a case that was erased: its row, its history and its decisions, with nothing of the person."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.walls.triggers import AsOwner, append_only
from patients.models import Tombstone
from patients.models.keeping import ERASED, WATCHED_AGAIN, refused_when_held, unwatched, waits_for_keeping

#: The name under which the database refuses to erase a case that isn't over.
OPEN = "case_is_open"

_TABLES = (
    "referrals_referral", "referrals_authorisation", "referrals_authorisationstage", "referrals_statuschange",
    "referrals_consilium", "referrals_evidenceitem", "referrals_informationrequest", "referrals_question",
    "referrals_appointment", "referrals_dischargesummary", "referrals_telephoneanswer", "referrals_paper",
    "referrals_papercheck", "referrals_ruleresult", "referrals_eligibilitycheck", "referrals_recordnumber",
    "referrals_emergencyaccess",
)  # fmt: skip
# Who moved it from which state to which, and when, stays; so does who opened it in an emergency. Words that somebody
# wrote go, and so do days and places that would tell of whom it was.
_ERASE = f"""
DECLARE
    whom uuid;
BEGIN
SELECT patient_id INTO whom FROM referrals_referral WHERE id = NEW.referral_id FOR UPDATE;
{waits_for_keeping("whom")}
{refused_when_held("whom")}
IF EXISTS (
    SELECT 1 FROM referrals_referral WHERE id = NEW.referral_id AND over_at IS NULL AND state <> 'draft'
) THEN
    RAISE EXCEPTION 'the case is open' USING ERRCODE = 'check_violation', CONSTRAINT = '{OPEN}';
END IF;
{unwatched(*_TABLES)}
DELETE FROM referrals_papercheck USING referrals_paper p WHERE p.id = paper_id AND p.referral_id = NEW.referral_id;
DELETE FROM referrals_paper WHERE referral_id = NEW.referral_id;
DELETE FROM referrals_telephoneanswer USING referrals_statuschange s
WHERE s.id = change_id AND s.referral_id = NEW.referral_id;
DELETE FROM referrals_question USING referrals_informationrequest q
WHERE q.id = request_id AND q.referral_id = NEW.referral_id;
DELETE FROM referrals_informationrequest WHERE referral_id = NEW.referral_id;
DELETE FROM referrals_ruleresult USING referrals_eligibilitycheck c
WHERE c.id = check_run_id AND c.referral_id = NEW.referral_id;
UPDATE referrals_eligibilitycheck SET inputs_hash = '' WHERE referral_id = NEW.referral_id;
DELETE FROM referrals_evidenceitem WHERE referral_id = NEW.referral_id;
DELETE FROM referrals_consilium WHERE referral_id = NEW.referral_id;
DELETE FROM referrals_appointment WHERE referral_id = NEW.referral_id;
DELETE FROM referrals_dischargesummary WHERE referral_id = NEW.referral_id;
DELETE FROM referrals_recordnumber WHERE referral_id = NEW.referral_id;
UPDATE referrals_emergencyaccess SET reason = '{ERASED}',
    review_text = CASE WHEN review_text = '' THEN '' ELSE '{ERASED}' END WHERE referral_id = NEW.referral_id;
UPDATE referrals_statuschange SET reason_text = '' WHERE referral_id = NEW.referral_id;
UPDATE referrals_authorisationstage SET terms = '{{}}',
    reason_text = CASE WHEN reason_text = '' THEN '' ELSE '{ERASED}' END WHERE referral_id = NEW.referral_id;
UPDATE referrals_authorisation SET care_text = '', appeal_text = '',
    reason_text = CASE WHEN reason_text = '' THEN '' ELSE '{ERASED}' END,
    review_text = CASE WHEN review_text = '' THEN '' ELSE '{ERASED}' END WHERE referral_id = NEW.referral_id;
DELETE FROM outbox_message m USING outbox_event e WHERE m.event_id = e.id AND m.recipient = 'patient:' || whom
    AND e.subject_type = 'referrals.referral' AND e.subject_id = NEW.referral_id::text;
DELETE FROM kept_kepttext WHERE page LIKE '%' || NEW.referral_id || '%';
UPDATE referrals_referral SET
    erased_at = NEW.erased_at, residence_district_id = NULL, crossing_id = NULL, distance_km = NULL, service = '',
    diagnosis_id = NULL, clinical_reason = '', goal = '', triage_note = '',
    emergency_ground = CASE WHEN emergency_ground = '' THEN '' ELSE '{ERASED}' END,
    needed_by = NULL, needed_by_reason = '', payer_note = '', circumstances = '', draft_text = '', recheck_on = NULL,
    version = version + 1, updated_at = NEW.erased_at
WHERE id = NEW.referral_id;
{WATCHED_AGAIN}
END;
"""  # noqa: S608  the parts are this code's own


class ErasedReferral(Tombstone):
    """A referral that was erased. To add the row is to erase: the database does both or neither."""

    referral_id = models.UUIDField(primary_key=True)
    number = models.CharField(_("number"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("erased referral")
        verbose_name_plural = _("erased referrals")
        triggers = [
            append_only("erased_referral_stays"),
            AsOwner(name="erase_referral", when=pgtrigger.After, operation=pgtrigger.Insert, func=_ERASE),
        ]

    def __str__(self) -> str:
        return str(self.referral_id)
