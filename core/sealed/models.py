from django.db import models
from django.db.models.functions import Now


class SealedKey(models.Model):
    """That a key is in use, by its id: so that its loss is found at the start and not by a page that can't be read.

    Written by the release that first meets the key. `retired_at`: since when nothing is sealed by it any more.
    """

    id = models.CharField(primary_key=True, max_length=8)
    use = models.CharField(max_length=5, choices=[("data", "data"), ("index", "index")])
    since = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.use} {self.id}"
