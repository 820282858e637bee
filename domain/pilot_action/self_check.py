"""What the fund's own checks say to somebody's case before anybody applies: nothing is decided, nothing is recorded.

Each check is the one by which the fund decides later; who asks gives the facts, and what is not said stays open.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from pydantic import Field

from domain.call.rules import CallRules, SupportLine
from domain.errors import RuleViolated
from domain.organisation.countries import side_of
from domain.rulebook.eu import E12, declarations_are_given
from domain.rulebook.ours.applying import (
    D07,
    D09,
    D10,
    D26,
    entity_has_no_other_application,
    partners_have_confirmed,
    request_arrived_in_time,
    roadmap_is_agreed,
)
from domain.rulebook.programme import (
    S01,
    S05,
    S07,
    S08,
    S09,
    a_member_comes_from_abroad,
    an_eu_member_coordinates,
    partnership_has_two_members,
    proposer_is_admitted,
    support_is_within_cap,
)
from domain.rulebook.rule import Rule
from domain.values import Cents, Value, euros, in_brussels


class Verdict(StrEnum):
    """How a rule stands to a case, as far as somebody told of it."""

    MET = "met"
    NOT_MET = "not met"
    OPEN = "cannot say yet"


class Case(Value):
    """What somebody tells of a case; None is what they did not say, or do not know.

    `is_place`: a city, an area, a region or its agency puts the proposal forward, no other body. `country` is where it
    lies, `partners` are the countries of all other members, by their ISO 3166-1 codes.
    """

    is_place: bool | None = None
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    admitted: bool | None = None
    partners: tuple[str, ...] | None = None
    roadmap_agreed: bool | None = None
    has_another: bool | None = None
    all_confirm: bool | None = None
    declares: bool | None = None
    requested_cents: Cents | None = None

    @property
    def admission(self) -> bool | None:
        """Whether the proposer is admitted: no other body than a city, an area, a region or an agency ever is (S05)."""
        return False if self.is_place is False else self.admitted


class Foretold(Value):
    """What a check says: `detail` in a sentence, `cure` what helps."""

    rule: str
    verdict: Verdict
    detail: str
    cure: str


class _Check(NamedTuple):
    """A rule, with the check by which the fund decides; None where a fact for it was not told.

    `met` is said where it holds, `open` helps where nobody can say.
    """

    rule: Rule
    made: Callable[[], None] | None
    met: str
    open: str


SHOWN_LATER: Final[Mapping[str, str]] = {
    "D19": "Whether the form is complete shows while you write: each section says what is missing.",
    "D21": "If the call is corrected after you submitted, you submit once more; you are told.",
    "E09": "If an obvious slip is found after closing, you are asked once, and answer in time.",
}
"""What the fund decides by as well, and nobody can say before there is an application."""


def foretold(case: Case, rules: CallRules, line: SupportLine, at: datetime) -> tuple[Foretold, ...]:
    """Return how each rule stands that decides whether an application of this line is eligible, at an instant (UTC)."""
    return tuple(_said(one) for one in _checks(case, rules, line, at))


def _checks(case: Case, rules: CallRules, line: SupportLine, at: datetime) -> Iterator[_Check]:
    yield from _of_the_partnership(case)
    closes, sum_asked = rules.calendar.applications_close, case.requested_cents
    yield _Check(
        D26,
        _with(case.roadmap_agreed, roadmap_is_agreed),
        "Every member has agreed the same version of the roadmap.",
        "Ask each member whether it agreed the last version of your roadmap.",
    )
    yield _Check(
        D09,
        _with(case.has_another, lambda other: entity_has_no_other_application(_YOURS, other)),
        "Your city or region leads no other application to this call.",
        "Ask in your own house, agencies and the metropolitan area included, whether another application is prepared.",
    )
    yield _Check(
        D10,
        _with(case.all_confirm, lambda all_of_them: partners_have_confirmed(() if all_of_them else (_SOME,))),
        "Every partner is ready to confirm the application before the call closes.",
        "Ask each partner who will confirm for it here, and tell it the closing instant.",
    )
    yield _Check(
        S01,
        _with(sum_asked, lambda cents: support_is_within_cap(cents, line.cap_cents)),
        f"{euros(sum_asked or 0)} is within the cap of {euros(line.cap_cents)}.",
        f"One pilot action gets at most {euros(line.cap_cents)}, in kind. Add up what you would ask for.",
    )
    required = [one.id for one in rules.declarations]
    yield _Check(
        E12,
        _with(case.declares, lambda honest: declarations_are_given(required if honest else (), required)),
        "You can give every declaration on honour.",
        "Read the declarations of the call, and ask who signs for your city or region.",
    )
    yield _Check(
        D07,
        lambda: request_arrived_in_time(at, closes),
        f"There is time until {in_brussels(closes)}.",
        "",
    )


def _of_the_partnership(case: Case) -> Iterator[_Check]:
    """Yield the checks of the members: the proposer coordinates, the others are its partners (S05, S07–S09)."""
    yield _Check(
        S05,
        _with(case.admission, lambda admitted: proposer_is_admitted(_YOURS, admitted)),
        "Your city or region is admitted to the programme as a pilot.",
        "Look for your city or region in the programme's letter of admission, or ask the secretariat.",
    )
    yield _Check(
        S08,
        _with(case.country, lambda country: an_eu_member_coordinates(side_of(country))),
        "An EU city or region leads the partnership.",
        "Say in which country the city or region lies that puts the proposal forward.",
    )
    yield _Check(
        S07,
        _with(case.partners, lambda partners: partnership_has_two_members(1 + len(partners))),
        f"The partnership has {1 + len(case.partners or ())} members.",
        "Say in which countries your partners lie.",
    )
    yield _Check(
        S09,
        _with(case.partners, lambda partners: a_member_comes_from_abroad([side_of(one) for one in partners])),
        "At least one partner lies outside the EU.",
        "Say in which countries your partners lie.",
    )


_YOURS: Final = "Who puts your proposal forward"
_SOME: Final = "a partner of yours"


def _with(fact: object, check: Callable[..., None]) -> Callable[[], None] | None:
    """Return a check of a fact, None where it was not told."""
    return None if fact is None else lambda: check(fact)


def _said(one: _Check) -> Foretold:
    if one.made is None:
        return Foretold(
            rule=one.rule.id, verdict=Verdict.OPEN, detail="You have not said enough for it.", cure=one.open
        )
    try:
        one.made()
    except RuleViolated as broken:
        return Foretold(rule=broken.code, verdict=Verdict.NOT_MET, detail=broken.detail, cure=broken.cure)
    return Foretold(rule=one.rule.id, verdict=Verdict.MET, detail=one.met, cure="")
