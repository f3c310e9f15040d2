"""A quicker Argon2 for the demonstration, whose start makes dozens of accounts."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """The least that OWASP's cheat sheet on password storage allows: 19 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
