"""Events that wait for their number, events that have one, and who reads which. No names, no content."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

#: A key under which somebody reads, such as `host:12`.
PARTY_LENGTH = 40


class Waiting(models.Model):
    """An event as its writer left it, in the writer's transaction. It goes when it gets its number.

    `parties` are those who were concerned at that moment.
    """

    type = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    parties = ArrayField(models.CharField(max_length=PARTY_LENGTH))
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.type} {self.subject_id}"


class Entry(models.Model):
    """An event with its number. Numbers grow without a gap, and are given one batch after the other.

    `mark` is chance: it tells this entry from another one that a database which was restored gave the same number.
    """

    number = models.BigIntegerField(primary_key=True)
    mark = models.BigIntegerField()
    type = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.number} {self.type}"


class Reader(models.Model):
    """That an entry is for a party: the feed in the order of each reader. Without a foreign key: both go together."""

    party = models.CharField(max_length=PARTY_LENGTH)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "number"], name="feed_of_a_party")]
        # For the purge: rows come in the order of their numbers, so that a few pages of index find them.
        indexes = [BrinIndex(fields=["number"], name="feed_by_number", autosummarize=True)]

    def __str__(self) -> str:
        return f"{self.party} {self.number}"
