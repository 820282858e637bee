"""Every event either begins a decision, whose request is known, or only follows in one."""

from domain.catalogue import DECIDERS, EVENTS
from domain.prefixes.requests import BEGIN, FOLLOW


def test_every_event_begins_a_decision_or_only_follows() -> None:
    assert set(BEGIN) | FOLLOW == set(EVENTS.values())
    assert not set(BEGIN) & FOLLOW


def test_every_decision_can_be_made_again() -> None:
    assert {command for commands in BEGIN.values() for command in commands} == set(DECIDERS)
