"""Why the fund says no: the whole tree of errors in one place.

    FundError
    ├── Refused              a rule or the stage says no; kept as a receipt, repeated for the same key
    │   ├── RuleViolated     a rule of the rulebook is broken
    │   └── WrongStage       the deed does not belong to this stage
    ├── NotPermitted         this subject may not do this; not kept in the log
    ├── NotFound             there is no such thing
    ├── Conflict             somebody else changed it meanwhile
    │   ├── VersionChanged   it is at another version than the asker saw
    │   ├── DraftChanged     another officer saved the section meanwhile; both texts are in the error
    │   └── KeyReused        the idempotency key was used for another request
    ├── Malformed            the input cannot be read; names what and how to mend it
    └── Unavailable          a part of the service is away or misconfigured; says which and what to do

Every error is one clear sentence in `detail`, and the cure in `cure`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from domain.values import ProtectedText


class FundError(Exception):
    """Something that the fund cannot or will not do, in one sentence, with the cure."""

    def __init__(self, detail: str, cure: str = "") -> None:
        super().__init__(detail, cure)
        self.detail = detail
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.detail} {self.cure}".strip()


class Refused(FundError):
    """A rule or the stage says no. `code` is the rule's id, or `stage`."""

    code: str


class RuleViolated(Refused):
    """A rule of the rulebook is broken; `code` is its id, so that every layer can show its clause."""

    def __init__(self, code: str, detail: str, cure: str = "") -> None:
        super().__init__(detail, cure)
        self.code = code


class WrongStage(Refused):
    """The deed does not belong to this stage."""

    code = "stage"


class NotPermitted(FundError):
    """This subject may not do this."""


class NotFound(FundError):
    """There is no such thing."""


class Conflict(FundError):
    """Somebody else changed it meanwhile, and the decision cannot be made again."""


class Differing(NamedTuple):
    """One question with the two answers to it: what one writes now, and what another saved meanwhile."""

    question: str
    mine: "ProtectedText"
    theirs: "ProtectedText"


class DraftChanged(Conflict):
    """Another officer saved the section meanwhile. Nothing is lost: theirs is saved, `differing` holds both texts.

    `version` is what the section is at now: whoever has merged the texts saves on top of it.
    """

    def __init__(self, version: int, differing: Sequence[Differing], detail: str, cure: str) -> None:
        super().__init__(detail, cure)
        self.version = version
        self.differing = tuple(differing)


class VersionChanged(Conflict):
    """What is asked about is at another version than the asker saw. Nothing was done."""


class KeyReused(Conflict):
    """The idempotency key was used for another request."""


class Malformed(FundError):
    """The input cannot be read."""


class Unavailable(FundError):
    """A part of the service is away or misconfigured."""
