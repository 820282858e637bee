"""What is read of a call by its streams is what is found by going through the whole log."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.audit.history import history
from domain.messages import Event
from domain.partnership.events import CoachingOffered, PartnershipFormed
from domain.pilot_action.events import ApplicationWithdrawn, PilotActionProposed
from domain.receipt import CommandHandled
from domain.values import ProtectedText
from fund_service.audit.reading import history_of
from fund_service.composition import Parts, open_parts
from fund_service.event_store import Stored
from fund_service.settings import Settings
from tests.fund_service.small_fund import APPLICANTS, CALL_ID, OFFICE, action_of, partnership_of
from tests.fund_service.staged_fund import Stage, copied

OTHER_CALL = uuid4()


@pytest.fixture(scope="module")
def parts(stages: dict[Stage, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Return the fund with all its stages behind it, and another call beside it."""
    with open_parts(Settings(data=copied(stages[Stage.GRANTED], tmp_path_factory.mktemp("reading") / "fund"))) as found:
        formed = next(_of(found, partnership_of(APPLICANTS[0]), PartnershipFormed))
        proposed = next(_of(found, action_of(APPLICANTS[0]), PilotActionProposed))
        partnership, action = uuid4(), uuid4()
        who = {"by": OFFICE, "effective_at": proposed.effective_at}
        own = {"call_id": OTHER_CALL, "partnership_id": partnership}
        _append(found, partnership, 1, formed.model_copy(update={"call_id": OTHER_CALL}))
        _append(found, partnership, 2, CoachingOffered(**who))
        _append(found, action, 1, proposed.model_copy(update=own))
        _append(found, action, 2, ApplicationWithdrawn(**who, reason=ProtectedText(OFFICE, "No")))
        for about in (action, action_of(APPLICANTS[0])):
            refused = CommandHandled(**who, command="Submit", digest="0" * 64, about=about, refused="S01")
            _append(found, uuid4(), 1, refused)
        yield found


def _of(parts: Parts, stream: UUID, kind: type[Event]) -> Iterator[Event]:
    return (one.event for one in parts.log.history(stream) if isinstance(one.event, kind))


def _append(parts: Parts, stream: UUID, version: int, event: Event) -> None:
    parts.log.append([Stored(stream, version, event.effective_at, uuid4(), event)])


@pytest.mark.parametrize("call_id", [CALL_ID, OTHER_CALL, uuid4()])
def test_the_history_of_a_call_read_by_its_streams_is_that_of_the_whole_log(parts: Parts, call_id: UUID) -> None:
    end = parts.log.end()
    for at in (end // 3, end // 2, end - 3, end):
        assert history_of(parts.log, call_id, at) == history(call_id, parts.log.read(0, end), at)


def test_so_is_what_held_at_an_instant(parts: Parts) -> None:
    moment = parts.moment(str(parts.log.end() - 1), "2026-03-20")
    assert moment is not None
    past = parts.as_of(moment).log
    for call_id in (CALL_ID, OTHER_CALL):
        told = history_of(past, call_id, moment.position)
        assert told == history(call_id, past.read(0, moment.end), moment.position)
        assert told.events
