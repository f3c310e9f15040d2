"""The one way in which the machine room gives up: a sentence for the person at the keyboard."""


class Stop(Exception):
    """Ends the command with exit code 1; its text is one whole sentence that says what to do."""
