"""Two support lines in one call: each has its own envelope, ranking, award list, release and reserve (D04, D17)."""

from domain.call.aggregate import CALL
from domain.call.commands import ApproveAwardList, EstablishRanking, ProposeAwardList, ReleaseOutcomes, ReviewReserve
from domain.call.events import CallPublished
from domain.errors import NotFound
from domain.grant.commands import DeclineGrant, OfferGrant
from domain.messages import Command
from tests.given import ALAN, ANNA, CALL_ID, CAP, CHAPTERS, HAMBURG, LINE, Pair, Story, ask, rules_with, until

VISITS = "visits"
LISBON = Pair("Lisbon", "Daegu")
MADRID = Pair("Madrid", "Busan", place=2)
OF_LINE = {HAMBURG: LINE, LISBON: VISITS, MADRID: VISITS}
ONE_LINE = rules_with(CAP)
TWO_LINES = ONE_LINE.model_copy(
    update={"lines": (*ONE_LINE.lines, ONE_LINE.lines[0].model_copy(update={"id": VISITS, "name": "Visits"}))}
)
"""Each line has an envelope for one award."""


def _scored() -> Story:
    story = until("founded").retold(CallPublished, rules=TWO_LINES)
    chapters = list(CHAPTERS)[1 : list(CHAPTERS).index("ranked")]
    for once, for_each in map(CHAPTERS.__getitem__, chapters):
        story = story.after(*once(), *(_in_line(asked, pair) for pair in OF_LINE for asked in for_each(pair)))
    return story


def _in_line(asked: Command, pair: Pair) -> Command:
    return asked.model_copy(update={"line": OF_LINE[pair]}) if "line" in type(asked).model_fields else asked


SCORED = _scored()


def adopted(line: str) -> tuple[Command, ...]:
    """Rank a line and adopt its award list."""
    approvals = (ask(ApproveAwardList, line=line, by=approver) for approver in (ANNA, ALAN))
    return ask(EstablishRanking, line=line), ask(ProposeAwardList, line=line), *approvals


def test_each_line_ranks_its_own_applications() -> None:
    story = SCORED.after(ask(EstablishRanking, line=LINE), ask(EstablishRanking, line=VISITS))
    ranked = {
        line: [row.pilot_action_id for row in story.get(CALL, CALL_ID).list_of(line).rows] for line in OF_LINE.values()
    }
    assert ranked == {LINE: [HAMBURG.pilot_action], VISITS: [LISBON.pilot_action, MADRID.pilot_action]}


def test_the_awards_of_one_line_leave_the_envelope_of_the_other_whole() -> None:
    story = SCORED.after(*adopted(LINE))
    call = story.get(CALL, CALL_ID)
    assert (call.taken_cents(LINE), call.taken_cents(VISITS)) == (CAP, 0)
    both = story.after(*adopted(VISITS)).get(CALL, CALL_ID)
    assert (both.taken_cents(LINE), both.taken_cents(VISITS)) == (CAP, CAP)


def test_the_outcomes_of_a_line_are_released_without_those_of_the_other() -> None:
    story = SCORED.after(*adopted(LINE))
    story.when(ask(ReleaseOutcomes, line=VISITS)).refused("stage", "not adopted")
    released = story.after(*adopted(VISITS), ask(ReleaseOutcomes, line=VISITS))
    released.when(ask(OfferGrant)).refused("stage", "not released yet")
    assert released.when(ask(OfferGrant, LISBON)).code is None
    [change] = released.when(ask(ReleaseOutcomes, line=LINE)).changes
    assert [outcome.pilot_action_id for outcome in change.event.outcomes] == [HAMBURG.pilot_action]


def test_what_is_free_in_a_line_goes_to_its_own_reserve_only() -> None:
    both = SCORED.after(*adopted(LINE), *adopted(VISITS))
    released = both.after(ask(ReleaseOutcomes, line=LINE), ask(ReleaseOutcomes, line=VISITS))
    elsewhere = released.after(ask(OfferGrant), ask(DeclineGrant))
    [nothing] = elsewhere.when(ask(ReviewReserve, line=VISITS)).changes
    assert (nothing.event.free_cents, nothing.event.promoted) == (0, ())
    here = released.after(ask(OfferGrant, LISBON), ask(DeclineGrant, LISBON))
    [promoted] = here.when(ask(ReviewReserve, line=VISITS)).changes
    assert [award.pilot_action_id for award in promoted.event.promoted] == [MADRID.pilot_action]


def test_a_line_that_the_call_does_not_have_is_not_ranked() -> None:
    SCORED.when(ask(EstablishRanking, line="prizes")).raises(NotFound, "no support line 'prizes'")
