"""Every refusal as `application/problem+json` (RFC 9457), by one table: error → status.

`type` is a page of the documentation, `detail` one sentence with the cure. Nothing that was sent is sent back.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from domain.errors import (
    Conflict,
    DraftChanged,
    FundError,
    KeyReused,
    Malformed,
    NotFound,
    NotPermitted,
    RuleViolated,
    Unavailable,
    VersionChanged,
    WrongStage,
)
from domain.rulebook import rule
from fund_service.attachments.kinds import KindRefused
from fund_service.attachments.scanning import Infected
from fund_service.auth.refusals import CodeNeeded, ReturnRefused, SignInFailed, TooMany, UnknownIdentity

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 1


class NotSignedIn(FundError):
    """Nobody is named, or by a token that does not hold."""


class CrossSite(FundError):
    """A request that changes something may have been sent by a page of another site."""


class StepUpNeeded(FundError):
    """What is asked needs a fresh proof of who asks."""


class KeyMissing(FundError):
    """A request that changes something has no idempotency key."""


class InFlight(FundError):
    """The same request is being carried out at this moment."""


class VersionMissing(FundError):
    """A request about what two people may write does not say which version its author saw."""


class TooLarge(FundError):
    """The body is larger than any that is read."""


class NotJson(FundError):
    """The body is of another kind than is read."""


class NotAForm(FundError):
    """The body is no form with a file."""


class NotOffered(FundError):
    """The answer is wanted in a kind that is not offered."""


class TooSlow(FundError):
    """The request did not arrive whole in time."""


class Misdirected(FundError):
    """The request names a host that this service does not answer for."""


class NoSuchMethod(FundError):
    """The path knows other methods; `allowed` names them."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__("This address takes other requests.", f"Use one of: {', '.join(allowed)}.")
        self.allowed = tuple(allowed)


class Kind(NamedTuple):
    """One kind of refusal: its status, the last part of its page's address, its title, and what helps in general."""

    status: int
    name: str
    title: str
    help: str


KINDS: Final[Mapping[type[FundError], Kind]] = {
    KeyMissing: Kind(400, "key-missing", "An Idempotency-Key is missing", "Send a fresh key with each new request."),
    NotSignedIn: Kind(401, "not-signed-in", "You are not signed in", "Sign in, or send a token that holds."),
    CrossSite: Kind(403, "cross-site", "The request may come from another site", "Use the pages of the fund."),
    StepUpNeeded: Kind(403, "step-up-needed", "Show again who you are", "POST /session/step-up, then send it again."),
    CodeNeeded: Kind(401, "code-needed", "A code of your second factor is needed", "Send it with name and password."),
    ReturnRefused: Kind(401, "return-refused", "You did not come back as you went", "Begin to sign in anew."),
    SignInFailed: Kind(401, "sign-in-failed", "This does not belong together", "Check it, and try again."),
    UnknownIdentity: Kind(403, "unknown-identity", "Nobody here has this identity", "Take up an invitation by it."),
    NotPermitted: Kind(403, "not-permitted", "You may not do this", "Ask the secretariat who may."),
    NotFound: Kind(404, "not-found", "There is no such thing for you", "Look up its address in a list."),
    NoSuchMethod: Kind(405, "no-such-method", "This address takes other requests", "The header Allow names them."),
    NotOffered: Kind(406, "not-offered", "This form is not offered", "Accept application/json; of lists CSV or XLSX."),
    TooSlow: Kind(408, "too-slow", "The request came too slowly", "Send it again, whole."),
    RuleViolated: Kind(409, "rule", "A rule of the fund says no", "The answer names the rule, with its source."),
    WrongStage: Kind(409, "stage", "It is not the time for this", "Look at what waits for you."),
    InFlight: Kind(409, "in-flight", "This request is being carried out", "Wait a second and send it again."),
    VersionChanged: Kind(412, "changed", "It changed since you read it", "Read it again, and decide anew."),
    DraftChanged: Kind(412, "draft-changed", "Somebody saved the section meanwhile", "Merge both texts, then save."),
    TooLarge: Kind(413, "too-large", "The request is too large", "Send less at once."),
    NotJson: Kind(415, "not-json", "The body is not JSON", "Send it as application/json, in UTF-8."),
    NotAForm: Kind(415, "not-a-form", "The body is no form with a file", "Send it as multipart/form-data."),
    KindRefused: Kind(
        415, "kind-refused", "This kind of file is not taken", "Send PDF, or another kind that is taken."
    ),
    Infected: Kind(422, "infected", "The virus scanner found something", "Send a file without it."),
    KeyReused: Kind(422, "key-reused", "The key belongs to another request", "Use a fresh Idempotency-Key."),
    Malformed: Kind(422, "malformed", "The request cannot be read", "The answer names each field, with its cure."),
    Misdirected: Kind(421, "misdirected", "This is another host", "Use an address that the service is known by."),
    VersionMissing: Kind(428, "version-missing", "You do not say what you saw", "Send the ETag that you read."),
    TooMany: Kind(429, "too-many", "Too many requests", "Wait as long as Retry-After says."),
    Conflict: Kind(409, "conflict", "Others change the same thing now", "Send it again with the same key."),
    Unavailable: Kind(503, "unavailable", "A part of the service is away", "Try again in a moment, with the same key."),
    FundError: Kind(500, "fault", "This is our fault", "Report it with the id of the request."),
}
"""Every error with how it is told. The first of an error's classes that stands here counts."""

_AGAIN: Final = frozenset({"in-flight", "too-many", "conflict", "unavailable"})
"""Kinds that tell when to come back."""


class BrokenRule(BaseModel):
    """The rule that says no: its id, the sentence that would be true, and where it is written."""

    id: str
    sentence: str
    source: str


class Differing(BaseModel):
    """One question with the two answers to it: what you send, and what another saved meanwhile."""

    question: str
    mine: str
    theirs: str


class Mistake(BaseModel):
    """One field that cannot be read: where it stands, and what is wrong with its cure."""

    field: str
    detail: str


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457)."""

    type: str = Field(description="The address of a page about this kind of refusal.")
    title: str = Field(description="The kind of refusal in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong with this request, in one sentence, with the cure.")
    request: str = Field(description="The id of the request, for a report.")
    rule: BrokenRule | None = Field(default=None, description="The rule that says no.")
    version: int | None = Field(default=None, description="The version of the section now.")
    differing: list[Differing] | None = Field(default=None, description="Both texts, where somebody saved meanwhile.")
    mistakes: list[Mistake] | None = Field(default=None, description="Every field that cannot be read.")


class Mistaken(Malformed):
    """Fields that cannot be read, each named."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        first = mistakes[0]
        more = f" {len(mistakes) - 1} more are named below." if len(mistakes) > 1 else ""
        super().__init__(f"{first.field}: {first.detail}.{more}", "Correct it and send the request again.")
        self.mistakes = tuple(mistakes)


def kind_of(error: FundError) -> Kind:
    """Return how an error is told."""
    return next(KINDS[kind] for kind in type(error).__mro__ if kind in KINDS)


def problem(error: FundError, request: str) -> Response:
    """Return the answer to a request, named by its id, that an error ended."""
    kind = kind_of(error)
    told: dict[str, Any] = {}
    if isinstance(error, RuleViolated):
        clause = rule(error.code)
        told["rule"] = BrokenRule(id=clause.id, sentence=clause.sentence, source=clause.source)
    if isinstance(error, DraftChanged):
        told["version"] = error.version
        told["differing"] = [
            Differing(question=one.question, mine=one.mine.text or "", theirs=one.theirs.text or "")
            for one in error.differing
        ]
    if isinstance(error, Mistaken):
        told["mistakes"] = list(error.mistakes)
    body = Problem(
        type=f"/problems/{kind.name}", title=kind.title, status=kind.status, detail=str(error), request=request, **told
    )
    content = body.model_dump(mode="json", exclude_none=True)
    return JSONResponse(content, kind.status, {"Cache-Control": "no-store", **beside(error)}, media_type=MEDIA_TYPE)


def beside(error: FundError) -> Mapping[str, str]:
    """Return the headers that go with an error: when to come back, how to sign in, what an address takes."""
    headers = {}
    if kind_of(error).name in _AGAIN:
        headers["Retry-After"] = str(error.seconds if isinstance(error, TooMany) else RETRY_SECONDS)
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, NoSuchMethod):
        headers["Allow"] = ", ".join(error.allowed)
    return headers
