"""Where each rule is applied: by which requests its check is made, where else it stands, or with which part it comes.

Which requests make a check is read from the decisions themselves, so it cannot go out of date. What is no check is
stated here: a line in `ELSEWHERE` names a thing in the code (module:name) or in the shipped edition (edition:name of a
field or an entry); a rule of a part that is not built stands in `LATER`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import CodeType, FunctionType
from typing import Final, NamedTuple

from domain.catalogue import DECIDERS
from domain.rulebook import PARTS
from domain.rulebook.rule import Rule


class Place(NamedTuple):
    """Where a rule stands without a check: in words, and the thing in the code or in the edition that carries it."""

    words: str
    at: str


ELSEWHERE: Final[Mapping[str, Place]] = {
    "S01": Place("in the edition: no line's cap is above the programme's", "domain.call.rules:SupportLine"),
    "S03": Place("in the form: it asks for other contributions, which may be none", "edition:other_contributions"),
    "S04": Place("in the ranking of each support line", "domain.call.ranking:rank"),
    "S06": Place("a pilot action belongs to a partnership", "domain.pilot_action.commands:ProposePilotAction"),
    "S14": Place("in the edition's calendar", "edition:applications_open"),
    "S22": Place("as D09: one application of an entity in each line and call", "domain.slot:SlotTaken"),
    "S23": Place("the population is recorded and refuses nobody", "domain.organisation.commands:RegisterOrganisation"),
    "S25": Place("a region or its agency is registered as such", "domain.organisation.events:OrganisationKind"),
    "S26": Place("in the form: the strategy of the city", "edition:strategy"),
    "S27": Place("in the form: the strategy of the region", "edition:strategy"),
    "S28": Place("in the form: time of one's own staff", "edition:staff_time"),
    "S32": Place("in the roadmap's fields", "domain.partnership.events:RoadmapDrafted"),
    "S33": Place("in the edition's criteria", "edition:transferability"),
    "S35": Place("the secretariat forms the partnership", "domain.partnership.events:PartnershipFormed"),
    "S38": Place(
        "every rule has a version, and each call keeps the rules it was published with", "domain.call.rules:CallRules"
    ),
    "S40": Place("in the form: stakeholders", "edition:stakeholders"),
    "S46": Place("the door judges the coordinating EU city or region alone", "domain.slot:slot_id"),
    "E01": Place(
        "in the published rules, each correction of them and each answer to a question, the same for all",
        "domain.call.events:QuestionAnswered",
    ),
    "E02": Place("in the declarations on honour", "edition:no_double_funding"),
    "E04": Place("in the form: other contributions are never required", "edition:other_contributions"),
    "E05": Place("support is in kind and paid to suppliers (S02)", "domain.grant.events:ResourceOrdered"),
    "E08": Place(
        "each evaluator's declaration, before anything is shown", "domain.evaluation.commands:DeclareNoConflict"
    ),
    "E11": Place("each outcome with its reason", "domain.call.events:OutcomesReleased"),
    "E13": Place("thresholds before the ranking", "domain.call.ranking:rank"),
    "E14": Place("in the edition: reserve places", "edition:reserve_places"),
    "E18": Place("in the results of a call in public, after the release", "projections.results:results"),
    "E19": Place(
        "in the edition: lines, kinds and criteria are fixed when it is published", "domain.call.rules:CallRules"
    ),
    "E20": Place("in the edition: the zone of all days and periods", "edition:zone"),
    "E21": Place("in the edition's calendar", "edition:outcomes_released"),
    "E22": Place("in the log: who, when, what and why of every deed", "domain.messages:Event"),
    "E23": Place("in every period, such as that of an offer", "domain.rulebook.eu:period_end"),
    "D02": Place(
        "in the edition: how many evaluators, and which spread is too wide", "domain.call.rules:EvaluationRules"
    ),
    "D03": Place("in the ranking, by the edition's tie-break", "domain.call.rules:TieBreak"),
    "D04": Place("in the ranking and in the review of the reserve", "domain.call.commands:ReviewReserve"),
    "D08": Place("in the log: each submitted version is kept", "domain.pilot_action.events:ApplicationSubmitted"),
    "D22": Place("in the permissions: roles are granted for a strand, and within one's own", "domain.people:Strand"),
    "D23": Place("after closing, each outcome with its reason", "domain.pilot_action.commands:CheckEligibility"),
    "D25": Place(
        "in the edition's calendar, kept in order; what cannot fit is a warning", "domain.call.rules:Calendar"
    ),
    "D27": Place("in the screens: sums are shown once the call has closed", "projections.lists:applications"),
    "D28": Place("in the edition's notes, shown with the call", "edition:notes"),
}
"""Rule → where it stands besides, or instead of, a check."""

_VISITS: Final = "comes with the advanced cooperation visits"
_EVENTS: Final = "comes with the programme's events and clusters"
_RECORDS: Final = "comes with reviews, amendments and the keeping of records"

LATER: Final[Mapping[str, str]] = {
    **dict.fromkeys(("S10", "S11", "S15", "S16", "S17", "S18", "S19", "S29"), _VISITS),
    **dict.fromkeys(("S20", "S21", "S36", "S39", "S41", "S43", "S44", "S45"), _EVENTS),
    **dict.fromkeys(("S24", "S30"), "comes with the directory of contacts and lead entities"),
    **dict.fromkeys(("S34", "S37", "S42"), "comes with the reports on results"),
    **dict.fromkeys(("E15", "E16", "D14", "D15"), _RECORDS),
}
"""Rule → the part with which it comes."""


@cache
def commands_by_rule() -> Mapping[str, tuple[str, ...]]:
    """Return for each rule with a check the names of the commands whose decisions make it, in the catalogue's order."""
    found: dict[str, list[str]] = {}
    for command, decide in DECIDERS.items():
        assert isinstance(decide, FunctionType)
        for id in sorted(_checked(decide)):
            found.setdefault(id, []).append(command.__name__)
    return {id: tuple(commands) for id, commands in found.items()}


def checks() -> Mapping[str, frozenset[str]]:
    """Return every check of the rulebook by its name, with the rules that it requires."""
    functions = {
        name: thing
        for part in PARTS
        for name, thing in vars(part).items()
        if isinstance(thing, FunctionType) and thing.__module__ == part.__name__
    }
    required = {name: frozenset(_required(check)) for name, check in functions.items()}
    return {name: rules for name, rules in required.items() if rules}


def _checked(decide: FunctionType) -> frozenset[str]:
    """Return the rules that a decision requires, itself or in the functions of the domain that it uses."""
    reached, ahead = {decide}, [decide]
    while ahead:
        for used in _used(ahead.pop()):
            if isinstance(used, FunctionType) and used.__module__.startswith("domain.") and used not in reached:
                reached.add(used)
                ahead.append(used)
    return frozenset(id for function in reached for id in _required(function))


def _required(function: FunctionType) -> Iterator[str]:
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    if "require" in names:
        yield from (used.id for used in _used(function) if isinstance(used, Rule))


def _used(function: FunctionType) -> Iterator[object]:
    """Yield what a function names of its module: other functions, rules, classes."""
    for code in _codes(function.__code__):
        yield from (function.__globals__[name] for name in code.co_names if name in function.__globals__)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
