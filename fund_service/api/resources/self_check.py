"""The self-check: what the fund's own checks say to a case that somebody tells of, without an account or a record."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal, NamedTuple
from uuid import UUID

from fastapi import Depends, Query

from domain.amounts import cents_from
from domain.call.aggregate import announced
from domain.organisation.events import OrganisationKind
from domain.pilot_action.self_check import Case, Verdict, foretold
from domain.rulebook import rule
from domain.values import Value
from fund_service.api.asking import Asking, Open
from fund_service.api.reading import Routes
from fund_service.api.resources.calls import published_call

ALONE: Final = "none"
"""Said of partners: there are none yet."""
_MOST: Final = 12

Country = Annotated[str, Query(pattern=r"^([A-Z]{2})?$")]
Partner = Annotated[str, Query(pattern=r"^([A-Z]{2}|none)?$")]
Answer = Literal["", "yes", "no"]
Kind = Literal["", "city", "metropolitan_area", "functional_area", "region", "agency", "other"]


class Told(NamedTuple):
    """What somebody tells of a case, in the words of an address; an empty word says nothing."""

    who: Kind
    country: str
    pilot: Answer
    partners: tuple[str, ...]
    roadmap: Answer
    another: Answer
    confirm: Answer
    declare: Answer
    euros: str

    @property
    def anything(self) -> bool:
        """Whether anything was told."""
        return any(self)

    def case(self) -> Case:
        """Return the case. Raises Malformed for a sum that is none, or can be read in two ways."""
        places = frozenset(kind.value for kind in OrganisationKind)
        return Case(
            is_place=self.who in places if self.who else None,
            country=self.country or None,
            admitted=_yes(self.pilot),
            partners=tuple(one for one in self.partners if one != ALONE) if self.partners else None,
            roadmap_agreed=_yes(self.roadmap),
            has_another=_yes(self.another),
            all_confirm=_yes(self.confirm),
            declares=_yes(self.declare),
            requested_cents=cents_from(self.euros) if self.euros.strip() else None,
        )


def _yes(answer: Answer) -> bool | None:
    return {"yes": True, "no": False}.get(answer)


def _told(
    who: Annotated[Kind, Query(description="Who puts the proposal forward.")] = "",
    country: Annotated[Country, Query(description="Where it lies, by its ISO 3166-1 code.")] = "",
    pilot: Annotated[Answer, Query(description="Whether the programme admitted it as a pilot.")] = "",
    partner: Annotated[
        Sequence[Partner] | None,
        Query(max_length=_MOST, description="The country of a partner, once for each; `none` where there is none yet."),
    ] = None,
    roadmap: Annotated[Answer, Query(description="Whether every member agreed the same roadmap.")] = "",
    another: Annotated[Answer, Query(description="Whether it leads another application to the call.")] = "",
    confirm: Annotated[Answer, Query(description="Whether every partner will confirm in time.")] = "",
    declare: Annotated[Answer, Query(description="Whether it can give the declarations on honour.")] = "",
    euros: Annotated[str, Query(max_length=40, description="The sum to be asked for, in euros.")] = "",
) -> Told:
    partners = tuple(one for one in partner or () if one)
    return Told(who, country, pilot, partners, roadmap, another, confirm, declare, euros)


Telling = Annotated[Told, Depends(_told)]
"""What a question about a case takes."""


class CheckedRule(Value):
    """A rule, how it stands to a case as far as it was told, in a sentence, and what helps."""

    rule: str
    sentence: str
    source: str
    verdict: Verdict
    detail: str
    cure: str


def checked(asking: Asking, call_id: UUID, case: Case) -> tuple[CheckedRule, ...]:
    """Return how the rules stand to a case now. Raises NotFound."""
    _, call = published_call(asking, call_id)
    rules = announced(call)
    said = foretold(case, rules, rules.lines[0], asking.now)
    about = [(one, rule(one.rule)) for one in said]
    return tuple(CheckedRule(**dict(one), sentence=clause.sentence, source=clause.source) for one, clause in about)


def self_check_routes(routes: Routes) -> None:
    """Enter the route."""

    @routes.listing("/calls/{call_id}/check", CheckedRule, Open.EVERYBODY, name="checkCase")
    def check(asking: Asking, call_id: UUID, told: Telling) -> Iterable[CheckedRule]:
        """Say how the rules stand to a case that you tell of; nothing is decided, and nothing is recorded."""
        return checked(asking, call_id, told.case())
