"""What is kept of an answer under an Idempotency-Key: which thing it was about, never what it said."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """The status and the address of the first answer, and the `id` of the thing that it was about, None without one."""

    status: int
    location: str
    id: Any
