"""Who acts: a person, a partner's system, or the portal itself.

Access rules and actions take an `Actor`, never a user or a request, so that a page, the API, a worker and the
demonstration walk the same road.
"""

from dataclasses import dataclass, field
from typing import Literal

from core.permissions import Permission, Role, permissions_of


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts, for one organisation.

    `id` is unique within `kind`; `country` is a two-letter code, empty for the portal itself; `scopes` narrow what a
    client's token may do and are empty for persons. `zone` names (by IANA) the clock by
    which they are told the time, `place` that by which their organisation's days begin; empty for the portal's own.
    `needs_second_factor`: one of the person's roles or organisations asks for it, whichever they act for.
    """

    kind: Literal["person", "client", "system"]
    id: str
    label: str
    roles: frozenset[Role] = frozenset()
    organisation_id: int | None = None
    organisation_name: str = ""
    country: str = ""
    language: str = "en"
    user_id: int | None = None
    client_id: str = ""
    scopes: frozenset[str] = frozenset()
    zone: str = ""
    place: str = ""
    needs_second_factor: bool = False
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "permissions", permissions_of(self.roles))

    def has(self, permission: Permission) -> bool:
        """Whether one of the roles holds the permission."""
        return permission in self.permissions

    def is_role(self, role: Role) -> bool:
        """Whether the actor has this role in the organisation they act for."""
        return role in self.roles

    @property
    def is_system(self) -> bool:
        return self.kind == "system"


SYSTEM = Actor(kind="system", id="portal", label="Portal")
