"""Whether the gateway that the settings name is there; asked by `manage.py check` and before every migration."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error

from core.channels.sms import backends


def check() -> Sequence[CheckMessage]:
    """An error for a name that is no class with a `send`; nothing for `off`."""
    if settings.SMS_BACKEND == backends.OFF:
        return ()
    try:
        backend = backends.current()
    except Exception as error:  # noqa: BLE001  whatever a gateway's class does when it is made, it can't be used
        words = f"SMS_BACKEND is {settings.SMS_BACKEND!r}, which can’t be used: {type(error).__name__}."
        return [
            Error(
                words,
                hint="Name a class with the send of core.channels.sms.backends, or say off.",
                id="sms.E1",
            )
        ]
    if not callable(getattr(backend, "send", None)):
        return [Error(f"SMS_BACKEND is {settings.SMS_BACKEND!r}, which has no send.", id="sms.E2")]
    return ()
