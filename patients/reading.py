"""What the pages and the API show of a record beside the record itself."""

from uuid import UUID

from django.db.models import QuerySet

from patients.models import Merge, Patient


def merges_into(patient: Patient) -> QuerySet[Merge]:
    """The records that were merged into this one, with both; those whose merge was undone too."""
    return Merge.objects.filter(survivor=patient).select_related("survivor", "merged").order_by("-pk")


def is_merged_into(patient: Patient, other_id: UUID) -> bool:
    """Whether the record with that id was merged into this one, and still is."""
    return Merge.objects.filter(survivor=patient, merged_id=other_id, undone_at__isnull=True).exists()
