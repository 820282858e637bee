"""An IURC expert who proposed a pilot action or helped to write it is named (S45, D05)."""

from domain.errors import NotFound
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.pilot_action.commands import NameExpert
from domain.pilot_action.events import ExpertNamed
from tests.given import EMIL, HAMBURG, ask, fact, named, until

DRAFTED = until("drafted")


def test_an_expert_is_named_once_and_counts_as_a_writer() -> None:
    DRAFTED.when(ask(NameExpert)).then(fact(ExpertNamed, on=HAMBURG.pilot_action, expert=EMIL))
    story = DRAFTED.after(ask(NameExpert))
    assert EMIL in story.get(PILOT_ACTION, HAMBURG.pilot_action).writers
    story.when(ask(NameExpert)).refused("stage", "known already")


def test_an_expert_has_an_account_and_the_pilot_action_exists() -> None:
    DRAFTED.when(ask(NameExpert, expert=named("nobody"))).raises(NotFound)
    until("agreed").when(ask(NameExpert)).raises(NotFound)
