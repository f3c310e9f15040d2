"""The numbers of referrals: one row of counters for a country and a year."""

from django.db import connection, models

from facilities.models import Country


class ReferralNumber(models.Model):
    """The last number given out for a directing country and year; the row’s lock keeps numbers without gaps."""

    country = models.ForeignKey(Country, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "year"], name="one_counter_per_country_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.country_id}-{self.year}"

    @classmethod
    def take_next(cls, country: str, year: int) -> int:
        """The next serial; others who want one of this country wait until the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO referrals_referralnumber (country_id, year, last) VALUES (%s, %s, 1) "
                "ON CONFLICT (country_id, year) DO UPDATE SET last = referrals_referralnumber.last + 1 "
                "RETURNING last",
                [country, year],
            )
            return int(cursor.fetchone()[0])
