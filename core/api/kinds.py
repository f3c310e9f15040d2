"""Every kind of problem that the API tells: its status, its title, and what to do."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem."""

    status: int
    title: Text
    remedy: Text


_CORRECT = _("Correct what is named in errors and send the request again.")
KINDS: dict[str, Kind] = {
    "bad_request": Kind(400, _("The request can’t be understood"), _("Compare it with the documentation.")),
    "wrong_host": Kind(
        400,
        _("This host isn’t the portal’s"),
        _("Send the request to the portal’s own address, with its name in the header Host."),
    ),
    "invalid_json": Kind(
        400, _("The content isn’t JSON"), _("Correct the content at the place that detail names.")
    ),
    "not_authenticated": Kind(
        401,
        _("Nobody is signed in"),
        _("Get a token from /oauth/token and send it as Authorization: Bearer."),
    ),
    "invalid_token": Kind(401, _("The token isn’t valid"), _("Get a new token from /oauth/token.")),
    "csrf": Kind(403, _("The session’s CSRF token is missing"), _("Send it in the header X-CSRFToken.")),
    "insufficient_scope": Kind(
        403,
        _("The token doesn’t allow this"),
        _(
            "Get a token with this scope; if the client doesn’t hold it, ask your organisation’s administrator."
        ),
    ),
    "denied": Kind(
        403,
        _("Not allowed"),
        _("Let somebody do it who may. The referral’s “allowed” lists what you may do."),
    ),
    "second_factor_needed": Kind(
        403,
        _("The second factor is missing"),
        _("Sign in to the portal in the browser, show your second factor there, and send the request again."),
    ),
    "not_found": Kind(
        404, _("Not found"), _("Check the address. What belongs to others looks as if it were not there.")
    ),
    "erased": Kind(
        410,
        _("Erased"),
        _("It is gone for good. Erase your copy as well, unless your law obliges you to keep it."),
    ),
    "method_not_allowed": Kind(
        405, _("This method isn’t offered here"), _("Use a method that the header Allow names.")
    ),
    "not_acceptable": Kind(406, _("No such form of the answer"), _("Accept application/json.")),
    "request_timeout": Kind(
        408,
        _("The request didn’t arrive in time"),
        _("Send the request again, with the same Idempotency-Key, over a better line."),
    ),
    "length_required": Kind(
        411,
        _("The length of the content is missing"),
        _("Send the content in one piece, with its Content-Length."),
    ),
    "uri_too_long": Kind(
        414,
        _("The address is too long"),
        _("Use fewer or shorter parameters. A patient is looked up by POST patients/search/."),
    ),
    "expectation_failed": Kind(
        417, _("What Expect asks for isn’t offered"), _("Leave out the header Expect.")
    ),
    "headers_too_large": Kind(431, _("The headers are too large"), _("Send fewer or shorter headers.")),
    "not_implemented": Kind(
        501,
        _("This transfer coding isn’t understood"),
        _("Send the content in one piece, or in chunks without compression."),
    ),
    "other_recorder": Kind(
        403,
        _("Another hospital recorded this"),
        _("Record what the patient states here: it stands beside what the other hospital recorded."),
    ),
    "lookups_locked": Kind(
        429,
        _("Too many look-ups found nobody"),
        _(
            "Have your organisation’s administrator or an officer of the ministry unlock them. Waiting doesn’t help."
        ),
    ),
    "likely_duplicate": Kind(
        409,
        _("This patient may be known already"),
        _("Compare with the candidates. Use the known patient, or repeat with duplicate_checked."),
    ),
    "request_in_progress": Kind(
        409, _("The first request is still running"), _("Send the same request again in a moment.")
    ),
    "illegal_transition": Kind(
        409,
        _("The state doesn’t allow this step"),
        _("Read the referral again and take one of the allowed steps."),
    ),
    "merged": Kind(
        409,
        _("This record was merged into another one"),
        _("Use the record that merged_into names from now on."),
    ),
    "merge_refused": Kind(
        409,
        _("The two records can’t be merged, or parted, now"),
        _("Mend what detail names, then compare the two records again."),
    ),
    "events_gone": Kind(
        410,
        _("These events aren’t kept any more"),
        _("Keep newest of this answer as your place, read the lists anew, then go on behind it."),
    ),
    "stale": Kind(
        412,
        _("Somebody changed it meanwhile"),
        _("Read it again, decide anew, and send the ETag of what you read."),
    ),
    "too_large": Kind(413, _("The content is too large"), _("Send less.")),
    "unsupported_media_type": Kind(
        415, _("This type of content isn’t understood"), _("Send the content as application/json.")
    ),
    "invalid": Kind(422, _("The content breaks a rule"), _CORRECT),
    "invalid_cursor": Kind(422, _("The cursor isn’t valid"), _("Begin again without a cursor.")),
    "invalid_idempotency_key": Kind(422, _("The Idempotency-Key isn’t valid"), _("Take a random UUID.")),
    "idempotency_key_reused": Kind(
        422, _("The Idempotency-Key was used for another request"), _("Take a new key for each new request.")
    ),
    "precondition_required": Kind(
        428, _("If-Match is missing"), _("Read the thing first and send its ETag in If-Match.")
    ),
    "throttled": Kind(429, _("Too many requests"), _("Wait as long as Retry-After says.")),
    "server_error": Kind(
        500,
        _("The portal failed"),
        _("Send the request again with the same Idempotency-Key; report the request_id."),
    ),
    "bad_gateway": Kind(
        502,
        _("The portal is out of reach behind its proxy"),
        _("Send the request again with the same Idempotency-Key."),
    ),
    "gateway_timeout": Kind(
        504,
        _("The portal didn’t answer its proxy in time"),
        _("Send the request again with the same Idempotency-Key."),
    ),
    "unavailable": Kind(
        503,
        _("The portal can’t work at the moment"),
        _("Send the request again with the same Idempotency-Key."),
    ),
}
