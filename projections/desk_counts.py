"""What is counted of a desk moves whenever a matter changes, by as much as the matter itself counts for."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Table

from projections.desk_tables import BUCKETS, CALLS, GROUPS, MATTERS, SPANS, STANDINGS, WAITS
from projections.read_model import Row, Tables
from projections.waiting import tenths

SECOND: Final = 1_000_000
"""In microseconds."""
BUCKET: Final = 24 * 60 * 60 * SECOND // 10
"""A tenth of a day, in microseconds."""
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Standing(StrEnum):
    """How a matter stands on the desk; GONE is one that is not there: its pilot action stands in its place."""

    WAITS = "waits"
    WAITS_UNTIL_CLOSING = "waits until closing"
    IDLE = "idle"
    GONE = "gone"


class Kind(StrEnum):
    """How long a matter waits on a party: it waited so long, or waits since then, some until their call closes."""

    FOR = "for"
    SINCE = "since"
    SINCE_UNTIL_CLOSING = "since, until closing"


def put_matter(tables: Tables, matter: Row) -> None:
    """Write a matter, and move what is counted of it."""
    before, after = tables[MATTERS].row(matter["id"]), {**matter, "standing": _standing(matter)}
    tables[MATTERS].put(after)
    _move_waits(tables, _waits(before), _waits(after))
    for stands, by in ((before, -1), (after, 1)):
        if stands["standing"] != Standing.GONE:
            _count(tables, STANDINGS, (stands["call_id"], stands["standing"]), count=by)
    for party in {
        *before["clock"]["since"],
        *before["clock"]["waited"],
        *after["clock"]["since"],
        *after["clock"]["waited"],
    }:
        _move_span(tables, after, party)


def put_call(tables: Tables, call: Row) -> None:
    """Write a call, a matter of its own desk, and move what is counted of its deeds."""
    before = tables[CALLS].row(call["id"])
    tables[CALLS].put(call)
    own = {"call_id": call["id"], "position": 0, "submitted": True}
    _move_waits(tables, _waits({**before, **own}), _waits({**call, **own}))


def _standing(matter: Row) -> Standing:
    if matter["call_id"] is None:
        return Standing.GONE
    if matter["clock"]["open"]:
        return Standing.WAITS if matter["submitted"] else Standing.WAITS_UNTIL_CLOSING
    return Standing.GONE if matter["actions"] else Standing.IDLE


Waits = Mapping[str, tuple[Row, Row]]
"""By what tells it from the others of a matter: a deed that is waited for, and its group."""


def _waits(matter: Row) -> Waits:
    return dict(_each_wait(matter)) if matter["call_id"] is not None else {}


def _each_wait(matter: Row) -> Iterator[tuple[str, tuple[Row, Row]]]:
    closes = not matter["submitted"]
    for deed, opened in matter["clock"]["open"].items():
        party, words, term = opened["party"], opened["words"], term_of(opened)
        group = {"call_id": matter["call_id"], "group": "/".join((term, party, words, str(closes)))}
        known = {"position": matter["position"], "since": datetime.fromisoformat(opened["since"])}
        wait = {**group, **known, "matter_id": matter["id"], "deed": deed, "which": opened["which"]}
        yield deed, (wait, {**group, "party": party, "words": words, "term": term, "closes": closes})


def term_of(opened: Row) -> str:
    """Return by when a deed is due: an instant of its own, a point of the calendar, or the empty text for never."""
    return opened["due"] or opened["point"] or ""


def _move_waits(tables: Tables, before: Waits, after: Waits) -> None:
    for deed, (wait, _) in before.items():
        if deed not in after:
            tables[WAITS].drop(wait["matter_id"], deed)
    for deed, (wait, _) in after.items():
        if deed not in before or before[deed][0] != wait:
            tables[WAITS].put(wait)
    known = {group["group"]: group for _, group in (*before.values(), *after.values())}
    was, now = (Counter(group["group"] for _, group in waits.values()) for waits in (before, after))
    for name in (name for name in known if was[name] != now[name]):
        by = {"waits": now[name] - was[name], "matters": bool(now[name]) - bool(was[name])}
        _count(tables, GROUPS, (known[name]["call_id"], name), known[name], **by)


def _move_span(tables: Tables, matter: Row, party: str) -> None:
    """Write how long a matter waits on a party; one that never did has no row."""
    key = (matter["id"], party)
    before, after = tables[SPANS].get(*key), _span(tables, matter, party)
    for span, by in ((before, -1), (after, 1)) if before != after else ():
        if span is not None:
            _count(tables, BUCKETS, (span["call_id"], party, span["kind"], bucket_of(span)), count=by)
    if after is not None:
        tables[SPANS].put(after)
    elif before is not None:
        tables[SPANS].drop(*key)


def _span(tables: Tables, matter: Row, party: str) -> Row | None:
    if matter["standing"] == Standing.GONE:
        return None
    clock = matter["clock"]
    waited, since = clock["waited"].get(party, 0) * SECOND, clock["since"].get(party)
    kind = Kind.FOR
    if since is not None and not _began_after_the_end(tables, matter, datetime.fromisoformat(since)):
        kind = Kind.SINCE if matter["submitted"] else Kind.SINCE_UNTIL_CLOSING
        waited = microseconds(datetime.fromisoformat(since)) - waited
    elif not waited:
        return None
    return {
        "matter_id": matter["id"], "party": party, "call_id": matter["call_id"], "kind": kind, "microseconds": waited
    }  # fmt: skip


def _began_after_the_end(tables: Tables, matter: Row, since: datetime) -> bool:
    """Tell whether a matter waits only since its days are counted no more."""
    call = tables[CALLS].row(matter["call_id"])
    end = ended(call, closes=not matter["submitted"])
    return end is not None and since >= end


def ended(call: Row, *, closes: bool) -> datetime | None:
    """Return when the matters of a call stopped waiting: those that were not submitted did so when it closed."""
    ends = (call["cancelled_at"], call["closed_at"] if closes else None)
    return min((end for end in ends if end is not None), default=None)


def microseconds(at: datetime) -> int:
    """Return the microseconds from 1970 to an instant."""
    return (at - BEGINNING) // timedelta(microseconds=1)


def bucket_of(span: Row) -> int:
    """Return in which bucket a span is counted: by the tenths of a day, as they are told, or from 1970."""
    if span["kind"] == Kind.FOR:
        return tenths(span["microseconds"] // SECOND)
    return int(span["microseconds"] // BUCKET)


def _count(tables: Tables, table: Table, key: tuple[Any, ...], known: Row | None = None, **by: int) -> None:
    """Count in a row; one that counts nothing any more is not there."""
    row = tables[table].row(*key)
    counted = {name: row[name] + number for name, number in by.items()}
    if any(counted.values()):
        tables[table].put({**row, **(known or {}), **counted})
    else:
        tables[table].drop(*key)
