"""What a forgotten part of a rule leads to."""


class IncompleteRule(Exception):
    """A rule lacks a part, or two rules claim the same one. Raised while the rules are imported."""
