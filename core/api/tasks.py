"""Clearing away what the API keeps only for a while."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import clear_expired

from core.actors import SYSTEM
from core.api.idempotency import DAYS_KEPT
from core.api.models import RequestCount, StoredAnswer
from core.db import as_actor


@shared_task(name="api.purge")
def purge() -> int:
    """Delete stored answers older than seven days, ended counts and expired tokens. The number of answers deleted."""
    now = timezone.now()
    with as_actor(SYSTEM):
        deleted, _per_model = StoredAnswer.objects.filter(
            created_at__lt=now - timedelta(days=DAYS_KEPT)
        ).delete()
        RequestCount.objects.filter(expires_at__lt=now).delete()
        clear_expired()
    return deleted
