"""Which gateway, from the environment. Production names one, or says `off`; it never falls back to a log."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_OURS = "core.channels.sms.backends."


def read(env: Any, *, production: bool, state_dir: Path) -> dict[str, Any]:
    """`SMS_BACKEND`, and the demonstration's folder. Raises ImproperlyConfigured where production has no gateway."""
    backend = env.str("SMS_BACKEND", "" if production else f"{_OURS}FileBackend").strip()
    if not backend:
        raise ImproperlyConfigured(
            "SMS_BACKEND is missing: name the class that hands an SMS to the gateway, or say off. With off, a patient "
            "who has only a telephone is not told, and the clinician is asked to ring them."
        )
    if production and backend.startswith(_OURS):
        raise ImproperlyConfigured(
            f"SMS_BACKEND is {backend}, which sends nothing: it is for demonstrations. Name a gateway, or say off."
        )
    return {"SMS_BACKEND": backend, "SMS_DIR": state_dir / "demo" / "sms"}
