"""What to do about each refusal, by its code, and whether to send the same request again."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

Again = Literal["yes", "after", "look", "no"]


@dataclass(frozen=True, slots=True)
class Way:
    again: Again
    do: str


@dataclass(frozen=True, slots=True)
class Other:
    """A refusal that is no class of ours: Django REST framework's own, or one said in place."""

    code: str
    status: HTTPStatus
    says: str


OTHERS = (
    Other("parse_error", HTTPStatus.BAD_REQUEST, "The body isn't JSON."),
    Other("not_authenticated", HTTPStatus.UNAUTHORIZED, "Nobody has said who asks."),
    Other("token_expired", HTTPStatus.UNAUTHORIZED, "“Your access token has expired. …”"),
    Other("token_unknown", HTTPStatus.UNAUTHORIZED, "“This access token was not issued here. …”"),
    Other("token_ended", HTTPStatus.UNAUTHORIZED, "“This log-in has ended. …”"),
    Other("api_key_not_accepted", HTTPStatus.UNAUTHORIZED, "“This is an API key: …”"),
    Other(
        "management_key_unknown", HTTPStatus.UNAUTHORIZED, "“This management key opens nothing. …”"
    ),
    Other("management_key_expired", HTTPStatus.UNAUTHORIZED, "“This management key is expired. …”"),
    Other("management_key_revoked", HTTPStatus.UNAUTHORIZED, "“This management key is revoked. …”"),
    Other(
        "management_key_not_accepted",
        HTTPStatus.FORBIDDEN,
        "“A management key opens its organization alone. …”",
    ),
    Other("permission_denied", HTTPStatus.FORBIDDEN, "A browser's form came without its token."),
    Other(
        "method_not_allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        "The address exists, but not for this method.",
    ),
    Other(
        "not_acceptable",
        HTTPStatus.NOT_ACCEPTABLE,
        "The header `Accept` asks for something else than JSON.",
    ),
    Other(
        "unsupported_media_type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "“Send JSON, with the header …”",
    ),
)
WAYS_OUT = {
    # the command API
    "bad_request": Way(
        "no",
        "Mend what the sentence names: the path, the body, a header. [Requests](command-api.md#requests)",
    ),
    "command_refused": Way("no", "Use the way that the sentence names. [Commands](commands.md)"),
    "transaction_refused": Way("no", "Mend the command that the sentence names; nothing has run."),
    "invalid_token": Way(
        "no",
        "Send the whole key, from `rg_` to its end. It may be revoked, expired or of another RedisGate: its page says so, and there you make another.",
    ),
    "organization_suspended": Way(
        "after", "Ask the operator, who has written down why, to resume it."
    ),
    "address_not_allowed": Way(
        "after",
        "Add your network on the key's page, or ask the operator whether `TRUSTED_PROXIES` is right, where the address is a proxy's.",
    ),
    "unknown_instance": Way("no", "Check the id in the URL, and which instances the key is for."),
    "method_not_allowed": Way("no", "Use a method that the header `Allow` names."),
    "request_too_large": Way("no", "Send less at once, in several requests."),
    "request_timeout": Way(
        "yes", "Nothing has run. Where it happens often, look at the network between."
    ),
    "rate_limited": Way(
        "yes",
        "Wait as long as it says. Send less, or ask for a higher limit: of a key on its page, of a caller of the management API from the operator (`API_REQUESTS_PER_MINUTE`).",
    ),
    "instance_not_running": Way(
        "after", "Start the instance, or wait until it has started; its page says what it does."
    ),
    "instance_unreachable": Way(
        "yes", "Nothing was sent. Where it stays so, the instance's page says why."
    ),
    "circuit_open": Way(
        "yes", "Nothing was sent. The server has been away for longer: look at the instance's page."
    ),
    "too_busy": Way(
        "yes", "Nothing was sent. Look for slow commands on the instance's page under *Slow log*."
    ),
    "too_many_connections": Way(
        "yes",
        "Use fewer keys with patterns at once, or have the operator raise `GATEWAY_CONNECTIONS`.",
    ),
    "connection_lost": Way(
        "look",
        "Look at the data, then decide. With an `Idempotency-Key` a repetition does no harm.",
    ),
    "command_timeout": Way(
        "look", "Look at the data, then decide; ask for less at once (`SCAN` for `KEYS`)."
    ),
    "broken_reply": Way("look", "The command has run. Ask for less, where the words name a bound."),
    "unfit_reply": Way(
        "no", "The command has run. Ask for a part (`GETRANGE`, `HSCAN`, `LRANGE`)."
    ),
    "too_many_waiting": Way(
        "after", "End a stream or a command that waits: they count for each key."
    ),
    "restarting": Way("yes", "Another web process answers in a second."),
    "stream_lost": Way("yes", "Connect again; `Last-Event-ID` resumes where you were."),
    "reader_too_slow": Way("after", "Read faster, or subscribe to less."),
    "client_gone": Way("look", "Nobody reads this: the client had left. It stands in the log."),
    "idempotency_key_in_use": Way("yes", "You get the first request's answer once it is there."),
    "idempotency_key_reused": Way("no", "Use a new key for each request."),
    "idempotent_reply_not_kept": Way(
        "no", "The first request ran; read what it made with another one."
    ),
    "idempotent_outcome_unknown": Way("look", "Look at what is there, then use a new key."),
    "too_much_remembered": Way("after", "Leave the header out where a repetition does no harm."),
    "idempotency_unavailable": Way(
        "yes", "Nothing was sent. The platform's database is away; `/health` says so."
    ),
    "not_watched": Way("no", "Mend `X-Watch-Keys`; the server's own words say what it lacks."),
    "watched_keys_too_large": Way("no", "Watch a small key that changes with them."),
    "watched_key_changed": Way("after", "Read again with `X-Watch-Keys`, then write again."),
    # the management API and the pages
    "internal_error": Way(
        "look", "Tell the operator the request's id (`X-Request-ID`); the log has the rest."
    ),
    "invalid_input": Way("no", "Mend the fields that `errors` names."),
    "not_found": Way(
        "no",
        "Check the id, and that it is in this organization; what belongs to others looks the same.",
    ),
    "forbidden": Way("no", "Ask somebody whose [role](roles.md) may."),
    "conflict": Way("after", "Do what `detail` says."),
    "unavailable": Way("yes", "Something that RedisGate needs is away; `/health` names it."),
    "too_many_attempts": Way("after", "Wait for as long as it says. Nobody can shorten that."),
    "unauthenticated": Way("after", "Log in."),
    "wrong_credentials": Way("no", "Check both; or ask for a new password on the log-in page."),
    "account_inactive": Way("no", "Ask the operator."),
    "refresh_token_unknown": Way("no", "Log in again: `POST /auth/login`."),
    "refresh_token_reused": Way(
        "no", "Log in again, and look who else has the token: the log-in was ended for safety."
    ),
    "mfa_required": Way("after", "Send `totp` or `recovery_code` along."),
    "wrong_code": Way("after", "Send the code that is shown now; each works once."),
    "email_unconfirmed": Way("after", "Open the link in the mail."),
    "reauthentication_required": Way(
        "after", "Show in the browser that it is you, or use an access token."
    ),
    "external_instances_off": Way("no", "Ask the operator (`EXTERNAL_INSTANCES`)."),
    "host_full": Way(
        "after", "Choose less memory, delete unused instances, or ask the operator for more room."
    ),
    "last_owner": Way("after", "Make another member owner first."),
    "invitation_over": Way("no", "Ask for another invitation."),
    "wrong_invitee": Way("no", "Log in with the address that was invited."),
    "too_many_invitations": Way("after", "Wait as long as it says."),
    "quota_exceeded": Way(
        "after",
        "Delete what isn't used, or ask the operator to raise the limit; `details` hold the numbers.",
    ),
    "changed_meanwhile": Way("after", "Read again, look, and write again if yours is still right."),
    "no_version": Way("no", "Leave `If-Match` out."),
    "unreadable_version": Way("no", "Send the `ETag` as it came."),
    "invalid_cursor": Way("no", "Begin the list anew; follow `next` and make no cursors."),
    "sso_required": Way(
        "no", "Sign in through the organization's provider, or use a management key."
    ),
    "sso_refused": Way(
        "no",
        "[When single sign-on doesn't work](../how-to/sign-in-with-your-identity-provider.md#when-it-doesnt-work)",
    ),
    "identity_provider_failed": Way(
        "yes",
        "Where it stays so: [what to look at](../how-to/sign-in-with-your-identity-provider.md#when-it-doesnt-work).",
    ),
    "sso_not_ready": Way("after", "Complete and test it in the settings first."),
    "key_gone": Way("no", "Search again: it was deleted, it expired, or it was evicted."),
    "parse_error": Way("no", "Send JSON."),
    "not_authenticated": Way("after", "Send `Authorization: Bearer …`."),
    "token_expired": Way("after", "Fetch another from `POST /auth/refresh`."),
    "token_unknown": Way("after", "Log in again: `POST /auth/login`."),
    "token_ended": Way("after", "Log in again: `POST /auth/login`."),
    "api_key_not_accepted": Way("no", "Use an access token or a management key here."),
    "management_key_unknown": Way("no", "Ask an admin of the organization for another."),
    "management_key_expired": Way("no", "Ask an admin of the organization for another."),
    "management_key_revoked": Way("no", "Ask an admin of the organization for another."),
    "management_key_not_accepted": Way("no", "Use an access token here."),
    "permission_denied": Way("no", "Send `X-CSRFToken`, or a token in place of the session."),
    "not_acceptable": Way("no", "Accept `application/json`."),
    "unsupported_media_type": Way("no", "Send `Content-Type: application/json`."),
}
