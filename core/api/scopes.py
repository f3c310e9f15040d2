"""Which scopes a token may have: those that its client was given, and no others."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from core.api.permissions import SCOPES


class ClientScopes(BaseScopes):
    """Asked by the toolkit. A request for a token without `scope` gets all that the client holds."""

    def get_all_scopes(self) -> dict[str, str]:
        return {name: str(text) for name, text in SCOPES.items()}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return [scope for scope in getattr(application, "scopes", []) if scope in SCOPES]

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application)
