"""`manage.py api_collection`: write docs/api.postman_collection.json anew from the API's description."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.api.about import schema
from core.api.collection import text


def collection_file() -> Path:
    """Where the collection stands."""
    return Path(settings.BASE_DIR) / "docs" / "api.postman_collection.json"


class Command(BaseCommand):
    help = "Write the Postman collection of the REST API anew."
    requires_system_checks: list[Any] = []

    def handle(self, *args: Any, **options: Any) -> None:
        collection_file().write_text(text(schema()), encoding="utf-8")
        self.stdout.write(f"Written: {collection_file()}")
