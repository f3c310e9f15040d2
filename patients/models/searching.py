from django.db import models

from patients.models.patient import Patient


class SearchWord(models.Model):
    """One word by which one facility, and its country's ministry, look a patient up.

    The facility is one that registered the patient, or a host to which the patient was sent. The rows are kept by
    triggers, of `Patient.search_key`. They only ever narrow what an access rule lets somebody see: a row that is left
    from a referral that went elsewhere shows nothing. Compared with `=` and `>=` in the order of bytes, which an index
    serves under every policy of the database too.
    """

    facility = models.ForeignKey("facilities.Facility", models.CASCADE, related_name="+", db_index=False)
    country = models.ForeignKey("facilities.Country", models.CASCADE, related_name="+", db_index=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    word = models.CharField(max_length=210, blank=True, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "word", "patient"], name="word_of_a_facility")
        ]
        indexes = [models.Index(fields=["country", "word", "patient"], name="word_of_a_country")]

    def __str__(self) -> str:
        return f"Search word {self.pk}"
