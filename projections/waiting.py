"""The waiting clock: who waits for whom about one matter, since when, and how long it waited on each party in all.

A matter waits for several deeds at once. A party is waited for from its first open deed to its last; days count by when
things held in the programme (`effective_at`), whatever the order in which they were recorded.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Party(StrEnum):
    """Who a matter waits for."""

    APPLICANT = "applicant"
    PARTNER = "partner"
    COACH = "coach"
    EVALUATOR = "evaluator"
    AUTHORITY = "authority"


class Deed(NamedTuple):
    """Something that a party is to do: in words, and the calendar's point by which, if it has one.

    `command` is the request that does it, and `rule` why it is to be done, where somebody asks for it.
    """

    party: Party
    words: str
    point: str | None = None
    command: str | None = None
    rule: str | None = None


State = Mapping[str, Any]
"""A matter's clock as a JSON column holds it: `open` deeds, `since` when each party is waited for, `waited` seconds."""

_DAY = 24 * 60 * 60

NOTHING: State = {"open": {}, "since": {}, "waited": {}}


def asked(state: State, deed: Deed, at: datetime, which: str = "", due: datetime | None = None) -> State:
    """Return the clock with a deed that is waited for from now on. `which` tells it from others in the same words."""
    key = f"{deed.words}/{which}"
    if key in state["open"]:
        return state
    opened = {
        "party": deed.party.value,
        "words": deed.words,
        "which": which,
        "point": deed.point,
        "since": at.isoformat(),
        "due": due.isoformat() if due else None,
    }
    since = {deed.party.value: at.isoformat(), **state["since"]}
    return {**state, "open": {**state["open"], key: opened}, "since": since}


def handed_over(state: State, at: datetime) -> State:
    """Return the clock that goes on with the same open deeds, and counts days from now on."""
    return {"open": state["open"], "since": dict.fromkeys(state["since"], at.isoformat()), "waited": {}}


def done(state: State, deed: Deed, at: datetime, which: str = "") -> State:
    """Return the clock without a deed; one that was not waited for changes nothing."""
    return _without(state, f"{deed.words}/{which}", at)


def without(state: State, deed: Deed, at: datetime) -> State:
    """Return the clock without a deed, whoever it was waited for from."""
    for key in [key for key, opened in state["open"].items() if opened["words"] == deed.words]:
        state = _without(state, key, at)
    return state


def instead(state: State, deed: Deed, other: Deed, due: datetime | None = None) -> State:
    """Return the clock with another deed in the place of one of the same party, waited for just as long.

    It is due when the first was, unless `due` says otherwise. One that was not waited for changes nothing.
    """
    opened = state["open"].get(f"{deed.words}/")
    if opened is None:
        return state
    left = {name: one for name, one in state["open"].items() if one is not opened}
    known = {"words": other.words, "due": due.isoformat() if due else opened["due"]}
    return {**state, "open": {**left, f"{other.words}/": {**opened, **known}}}


def over(state: State, at: datetime) -> State:
    """Return the clock of a matter that waits for nothing any more."""
    for key in state["open"]:
        state = _without(state, key, at)
    return state


def _without(state: State, key: str, at: datetime) -> State:
    if key not in state["open"]:
        return state
    party = state["open"][key]["party"]
    left = {name: opened for name, opened in state["open"].items() if name != key}
    if any(opened["party"] == party for opened in left.values()):
        return {**state, "open": left}
    since = {name: moment for name, moment in state["since"].items() if name != party}
    waited = {**state["waited"], party: state["waited"].get(party, 0) + _seconds(state["since"][party], at)}
    return {"open": left, "since": since, "waited": waited}


def days(state: State, now: datetime) -> dict[str, float]:
    """Return the days for which a matter waited on each party until now, to a tenth."""
    running = {party: _seconds(since, now) for party, since in state["since"].items()}
    waited = {party.value: state["waited"].get(party.value, 0) + running.get(party.value, 0) for party in Party}
    return {party: round(seconds / _DAY, 1) for party, seconds in waited.items()}


def tenths(seconds: int) -> int:
    """Return the tenths of a day that `days` tells of so many seconds."""
    return round(10 * round(seconds / _DAY, 1))


def _seconds(since: str, until: datetime) -> int:
    return max(0, round((until - datetime.fromisoformat(since)).total_seconds()))
