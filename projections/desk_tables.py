"""The tables of the desk: calls, matters with their clocks, and what is counted of them so that nobody counts it again.

Each deed that is waited for stands in WAITS. Those of a call that are the same deed, and due by the same instant, are a
group, and GROUPS counts them: who shows the desk reads the groups, and of the deeds those that it shows.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, MetaData, Table, Uuid

from projections.read_model import Moment, Words
from projections.waiting import NOTHING

METADATA = MetaData()

CALLS = Table(
    "desk_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("title", Words, default=""),
    Column("points", JSON, default={}),
    Column("clock", JSON, default=NOTHING),
    Column("evaluators", BigInteger, default=0),
    Column("closed_at", Moment),
    Column("cancelled_at", Moment),
)

MATTERS = Table(
    "desk_matters",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("title", Words, default=""),
    Column("partnership", Words, default=""),
    Column("partners", JSON, default=()),
    Column("confirmed", JSON, default=()),
    Column("actions", JSON, default=()),
    Column("submitted", Boolean, default=False),
    Column("clock", JSON, default=NOTHING),
    Column("standing", Words, default="gone"),
)
"""`standing` is one of the words of `Standing`."""

STREAMS = Table(
    "desk_streams",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("matter_id", Uuid),
    Column("seats", BigInteger, default=0),
)

ROLES = Table(
    "desk_roles",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("role", Words, primary_key=True),
    Column("position", BigInteger, default=0),
    Column("waits", Boolean, default=False),
)
"""The roles that one officer proposed, and whether each still waits for another to confirm it (D18)."""

DEPUTIES = Table(
    "desk_deputies",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("role", Words, primary_key=True),
    Column("position", BigInteger, default=0),
    Column("represents", Uuid),
    Column("waits", Boolean, default=False),
    Column("until", Moment),
)
"""Who is proposed as a deputy, and whether each still waits for another person to confirm it (D33)."""

CLAIMS = Table(
    "desk_claims",
    METADATA,
    Column("subject", Uuid, primary_key=True),
    Column("position", BigInteger, default=0),
    Column("waits_for", Words, default=""),
)
"""Who asks to act for a city or region, and the request of the secretariat that each waits for (D31)."""

WAITS = Table(
    "desk_waits",
    METADATA,
    Column("matter_id", Uuid, primary_key=True),
    Column("deed", Words, primary_key=True),
    Column("call_id", Uuid),
    Column("group", Words),
    Column("since", Moment),
    Column("position", BigInteger),
    Column("which", Words),
)
"""Every deed that is waited for, also of a call that has ended since; `position` is its matter's."""

GROUPS = Table(
    "desk_groups",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("group", Words, primary_key=True),
    Column("party", Words, default=""),
    Column("words", Words, default=""),
    Column("term", Words, default=""),
    Column("closes", Boolean, default=False),
    Column("waits", BigInteger, default=0),
    Column("matters", BigInteger, default=0),
)
"""How many wait for the same deed until the same `term`: an instant, a point of the calendar, or none. `closes` marks
the matters that wait for nothing any more once the call is closed.
"""

STANDINGS = Table(
    "desk_standings",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("standing", Words, primary_key=True),
    Column("count", BigInteger, default=0),
)

SPANS = Table(
    "desk_spans",
    METADATA,
    Column("matter_id", Uuid, primary_key=True),
    Column("party", Words, primary_key=True),
    Column("call_id", Uuid),
    Column("kind", Words),
    Column("microseconds", BigInteger),
)
"""For how long a matter waited on a party, where it did: so long, or since then (from 1970), as its `kind` says."""

BUCKETS = Table(
    "desk_buckets",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("party", Words, primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("bucket", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, default=0),
)
"""How many spans of a kind lie within the same tenth of a day."""

Index("desk_matters_by_call", MATTERS.c.call_id, MATTERS.c.position)
Index("desk_matters_by_standing", MATTERS.c.call_id, MATTERS.c.standing, MATTERS.c.position)
Index("desk_waits_by_group", WAITS.c.call_id, WAITS.c.group, WAITS.c.since, WAITS.c.position)
Index("desk_spans_by_kind", SPANS.c.call_id, SPANS.c.party, SPANS.c.kind, SPANS.c.microseconds)
Index("desk_roles_that_wait", ROLES.c.waits, ROLES.c.position)
