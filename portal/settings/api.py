"""OAuth2 and the API."""

from portal.settings.environment import env

OAUTH2_PROVIDER_APPLICATION_MODEL = "facilities.PartnerClient"
CLIENT_ACTOR_PROVIDER = "facilities.memberships.actor_for_client"
TOKEN_ACTOR_PROVIDER = "facilities.tokens.actor_for_token"  # noqa: S105  a function's name
TOKEN_OWNER_PROVIDER = "facilities.tokens.owner_of_token"  # noqa: S105
CLIENT_NAME_PROVIDER = "facilities.memberships.named_client"
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 1200)
# So long a partner's system may stay away and still go on in the feed of events where it was.
FEED_DAYS_KEPT = env.int("FEED_DAYS_KEPT", 90)
OAUTH_REQUESTS_PER_MINUTE = env.int("OAUTH_REQUESTS_PER_MINUTE", 60)
# So many look-ups across organisations may find nobody in the window; then a person must unlock.
LOOKUP_WINDOW_HOURS = env.int("LOOKUP_WINDOW_HOURS", 24)
LOOKUP_FAILURES = {
    "account": env.int("LOOKUP_FAILURES_ACCOUNT", 10),
    "client": env.int("LOOKUP_FAILURES_CLIENT", 20),
    "organisation": env.int("LOOKUP_FAILURES_ORGANISATION", 60),
}
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "core.api.scopes.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # only the token's hash is kept
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_EXPIRE_SECONDS": 600,
}
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.PortalSchema",
    "EXCEPTION_HANDLER": "core.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["core.api.jsonio.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.jsonio.JsonParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.TokenAuthentication",
        "core.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.HasScope"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Patient mobility portal",
    "DESCRIPTION": "A hospital's own system files, follows and answers referrals across the borders of Kazakhstan, "
    "Uzbekistan and Kyrgyzstan. How to begin: docs/api.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PATH_CONVERTER_OVERRIDES": {
        "key": {"type": "string", "format": "uuid"},
        "number": {"type": "integer", "minimum": 0},
    },
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_NO_READ_ONLY_REQUIRED": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "PREPROCESSING_HOOKS": ["core.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": ["core.api.described.complete"],
}
