"""What keeps a record from being erased, what is left of one that was, and what a correction found there before."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.sealed.fields import EncryptedJSONField
from core.walls.triggers import AsOwner, append_only
from patients.models.patient import Patient
from patients.models.standing import of_a_standing_record

#: The names under which the database refuses to erase.
HELD, HAS_CASES = "record_is_held", "record_has_cases"
#: Stands in the place of a text that a row must have and that was erased.
ERASED = "-"

# Whoever erases and whoever places a hold wait for each other: one of the two comes first, and the other one sees it.
_ONE_AFTER_THE_OTHER = "PERFORM pg_advisory_xact_lock(hashtextextended('portal.keeping:' || {}::text, 0));"


def waits_for_keeping(patient: str) -> str:
    """The statement by which an erasure and a hold of one record wait for each other; `patient`: SQL for its key."""
    return _ONE_AFTER_THE_OTHER.format(patient)


def refused_when_held(patient: str) -> str:
    """The statement that refuses to erase anything of a record that is held."""
    return f"""
IF EXISTS (SELECT 1 FROM patients_legalhold WHERE patient_id = {patient} AND lifted_at IS NULL) THEN
    RAISE EXCEPTION 'a legal hold stands' USING ERRCODE = 'check_violation', CONSTRAINT = '{HELD}';
END IF;"""  # noqa: S608  the argument is this code's own


def unwatched(*tables: str) -> str:
    """The statement that lets rows of these tables be emptied that nobody else may change; until the trigger ends."""
    named = ", ".join(f"'{table}'::regclass" for table in tables)
    return f"""
PERFORM set_config('pgtrigger.ignore', (
    SELECT array_agg(tgname)::text FROM pg_trigger
    WHERE tgrelid IN ({named}) AND NOT tgisinternal AND tgname LIKE 'pgtrigger%'
), true);"""  # noqa: S608  the arguments are this code's own


WATCHED_AGAIN = "PERFORM set_config('pgtrigger.ignore', '{}', true);"


_NOTHING_LEFT = f"""
{waits_for_keeping("NEW.patient_id")}
IF EXISTS (SELECT 1 FROM patients_patient WHERE id = NEW.patient_id AND erased_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the record was erased' USING ERRCODE = 'check_violation', CONSTRAINT = 'record_was_erased';
END IF;
"""  # noqa: S608  the parts are this code's own


class HoldGround(models.TextChoices):
    """Why nothing of a record may be erased."""

    COURT = "court", _("A court or an authority has ordered it")
    CLAIM = "claim", _("A claim or a complaint is open")
    INVESTIGATION = "investigation", _("An investigation is under way")
    OTHER = "other", pgettext_lazy("ground", "Another ground")


class LegalHold(models.Model):
    """Nothing of this patient's data may be erased until somebody lifts it: by whom, why, since when.

    What was said at the placing stays; only the lifting is added, once (held by triggers). With a merge it goes to the
    record that stays.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="holds")
    country = models.ForeignKey(
        "facilities.Country", models.PROTECT, related_name="+", verbose_name=_("country")
    )
    ground = models.CharField(_("ground"), max_length=15, choices=HoldGround)
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_by_label = models.CharField(_("placed by"), max_length=300)
    placed_at = models.DateTimeField(_("placed at"))
    lifted_by_label = models.CharField(_("lifted by"), max_length=300, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lift_reason = models.CharField(_("why it was lifted"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="hold_ground_known", condition=Q(ground__in=sorted(HoldGround.values))
            ),
            models.CheckConstraint(name="hold_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hold_lifting_whole",
                condition=Q(lifted_at__isnull=True, lifted_by_label="", lift_reason="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_by_label="") & ~Q(lift_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["patient"], name="hold_of_patient", condition=Q(lifted_at__isnull=True)),
            models.Index(fields=["country", "-id"], name="hold_of_country"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="hold_fixed", exclude=["lifted_by_label", "lifted_at", "lift_reason", "patient"]
            ),
            pgtrigger.Protect(name="hold_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="hold_lifted_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__lifted_at__isnull=False)
                & pgtrigger.Q(old__patient=pgtrigger.F("new__patient")),
            ),
            AsOwner(
                name="hold_before_erasing",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=_NOTHING_LEFT,
            ),
            of_a_standing_record(),
        ]

    def __str__(self) -> str:
        return f"Legal hold {self.pk}"


class Tombstone(models.Model):
    """That something was erased: when, on what ground, and who may be told so. Nothing of a person.

    `facilities` and `countries` are those that knew it.
    """

    class Ground(models.TextChoices):
        REQUEST = "request", pgettext_lazy("erasure", "The patient asked for it")
        PERIOD = "period", pgettext_lazy("erasure", "The period for keeping it is over")

    erased_at = models.DateTimeField(_("erased at"))
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    facilities = ArrayField(models.BigIntegerField(), default=list)
    countries = ArrayField(models.CharField(max_length=2), default=list)

    class Meta:
        abstract = True


_TABLES = (
    "patients_patient", "patients_identifier", "patients_registration", "patients_recordnumber", "patients_coverage",
    "patients_contactstatement", "patients_consent", "patients_merge", "patients_correction",
)  # fmt: skip
# The row itself stays, since history and decisions hang on it, with nothing of the person: those of the records that
# were merged into it too. Consents stay as what they prove: that one was given, for what, from when to when.
_ERASE = f"""
DECLARE
    family uuid[];
BEGIN
{waits_for_keeping("NEW.record_id")}
WITH RECURSIVE kin AS (
    SELECT id FROM patients_patient WHERE id = NEW.record_id
    UNION SELECT p.id FROM patients_patient p JOIN kin ON p.merged_into_id = kin.id
) SELECT array_agg(id) INTO family FROM kin;
{refused_when_held("ANY(family)")}
IF EXISTS (SELECT 1 FROM referrals_referral WHERE patient_id = ANY(family) AND erased_at IS NULL) THEN
    RAISE EXCEPTION 'the record has cases' USING ERRCODE = 'check_violation', CONSTRAINT = '{HAS_CASES}';
END IF;
{unwatched(*_TABLES)}
DELETE FROM patients_searchword WHERE patient_id = ANY(family);
DELETE FROM patients_identifier WHERE patient_id = ANY(family);
DELETE FROM patients_registration WHERE patient_id = ANY(family);
DELETE FROM patients_recordnumber WHERE patient_id = ANY(family);
DELETE FROM patients_coverage WHERE patient_id = ANY(family);
DELETE FROM patients_contactstatement WHERE patient_id = ANY(family);
DELETE FROM patients_correction WHERE patient_id = ANY(family);
UPDATE patients_consent SET given_by = '{ERASED}' WHERE patient_id = ANY(family);
UPDATE patients_merge SET before = '', after = '', decided_by = ''
WHERE survivor_id = ANY(family) OR merged_id = ANY(family);
DELETE FROM outbox_message WHERE recipient = ANY(SELECT 'patient:' || one FROM unnest(family) one);
DELETE FROM kept_kepttext USING unnest(family) one WHERE page LIKE '%' || one || '%';
UPDATE patients_patient SET
    erased_at = NEW.erased_at, is_unknown = true, family_name = '', given_name = '', patronymic = '', name_latin = '',
    name_key = '', search_key = '', birth_date = NULL, birth_precision = 'day', birth_date_estimated = false,
    sex = 'unknown', citizenship_status = 'not_known', citizenships = '{{}}', residence_district_id = NULL,
    residence_country = '', address = '', phone = '', phone_index = '', email = '', preferred_language = 'ru',
    description = '', next_of_kin_name = '', next_of_kin_phone = '', next_of_kin_relation = '', deceased_on = NULL,
    death_confirmer_id = NULL, version = version + 1, updated_at = NEW.erased_at
WHERE id = ANY(family);
{WATCHED_AGAIN}
END;
"""  # noqa: S608  the parts are this code's own


class ErasedRecord(Tombstone):
    """The record of a patient that was erased. To add the row is to erase: the database does both or neither."""

    record_id = models.UUIDField(primary_key=True)

    class Meta:
        verbose_name = _("erased record")
        verbose_name_plural = _("erased records")
        triggers = [
            append_only("erased_record_stays"),
            AsOwner(name="erase_record", when=pgtrigger.After, operation=pgtrigger.Insert, func=_ERASE),
        ]

    def __str__(self) -> str:
        return str(self.record_id)


class Correction(models.Model):
    """What stood in a record before somebody changed it: by field, sealed. `version`: of the record as it was.

    Read by the facility whose record it is. Only ever added to, and erased with the record.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="corrections")
    version = models.PositiveIntegerField(_("version"))
    before = EncryptedJSONField(_("what stood there"), default=dict)
    corrected_by_label = models.CharField(_("corrected by"), max_length=300)
    corrected_at = models.DateTimeField(_("corrected at"))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-id"]
        indexes = [models.Index(fields=["patient", "-id"], name="correction_of_patient")]
        triggers = [append_only("correction_stays")]

    def __str__(self) -> str:
        return f"Correction {self.pk}"
