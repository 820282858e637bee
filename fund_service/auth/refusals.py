"""Why somebody is not let in. None tells whether a name is known."""

from domain.errors import FundError


class SignInFailed(FundError):
    """What was given does not belong together; which part of it is not told."""


class ReturnRefused(SignInFailed):
    """Somebody came back from the identity provider, and what they bring does not fit what they went for."""


class UnknownIdentity(FundError):
    """The identity provider knows who somebody is, and nobody here is bound to that identity."""


class CodeNeeded(FundError):
    """Name and password are right, and the account has a second factor."""


class TooMany(FundError):
    """Too many requests, or attempts, came from one person or place; `seconds` says how long to wait."""

    def __init__(self, detail: str, cure: str, seconds: int) -> None:
        super().__init__(detail, cure)
        self.seconds = seconds
