"""The tables of the dashboard: every partnership, application and grant, and how the figures moved by month."""

from typing import Final
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, MetaData, Table, Uuid

from projections.read_model import Moment, Words

METADATA = MetaData()

COUNTED: Final = (
    "partnerships", "generated", "coached", "drafted", "submitted", "withdrawn", "inadmissible", "ineligible",
    "eligible", "evaluated", "ranked", "awarded", "reserve", "rejected", "accepted", "declined", "lapsed", "closed",
)  # fmt: skip
MONEY: Final = (
    "envelope_cents", "committed_cents", "ordered_cents", "delivered_cents", "disbursed_cents", "unspent_cents",
)  # fmt: skip
LEDGER: Final = ("ordered_cents", "delivered_cents", "disbursed_cents", "unspent_cents")
"""The sums that a grant keeps itself."""

TAKEN: Final = ("ordered_cents", "delivered_cents", "disbursed_cents")
"""Those of them that are the sums of its orders; none is more than the one before."""

SEALED: Final = ("inadmissible", "ineligible", "eligible", "evaluated", "ranked")
"""What is shown only after the release: the number of the eligible would tell how many others there are (D17)."""

WHOLE_CALL: Final = ""
"""The place, among a call's lines, of what belongs to no line: its partnerships."""

NOTHING_NAMED: Final = UUID(int=0)
"""What a refused request was about that named nothing."""

CALLS = Table(
    "dashboard_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("title", Words, default=""),
    Column("edition", Words, default=""),
    Column("stage", Words, default="announced"),
    Column("envelope_cents", BigInteger, default=0),
    Column("applications_closed", Boolean, default=False),
    Column("settled", Boolean, default=False),
)

LINES = Table(
    "dashboard_lines",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("line", Words, primary_key=True),
    Column("released", Boolean, default=False),
    Column("ranked", JSON, default=()),
)

MONTHS = Table(
    "dashboard_months",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("line", Words, primary_key=True),
    Column("month", Words, primary_key=True),
    *(Column(name, BigInteger, default=0) for name in (*COUNTED, *MONEY)),
)
"""By how much each figure of a line moved in a month (2026-03, in Brussels); together they are the figure now."""

GROUPS = Table(
    "dashboard_groups",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("by", Words, primary_key=True),
    Column("group", Words, primary_key=True),
    Column("line", Words, primary_key=True),
    *(Column(name, BigInteger, default=0) for name in (*COUNTED, *MONEY)),
)
"""The figures of each line by each of GROUPED, as they are now."""

GROUPED: Final = ("cluster", "geography", "country")
"""The columns of a partnership by which its figures, and those of what is below it, are grouped."""

ORGANISATIONS = Table(
    "dashboard_organisations",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("country", Words, default=""),
    Column("below", JSON, default=()),
)
"""`below` names the partnerships that it coordinates, as it names applications and grants in the tables beneath."""

PARTNERSHIPS = Table(
    "dashboard_partnerships",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("line", Words, default=WHOLE_CALL),
    Column("name", Words, default=""),
    Column("geography", Words, default=""),
    Column("cluster", Words, default=""),
    Column("country", Words, default=""),
    Column("below", JSON, default=()),
    Column("coordinator_id", Uuid),
    Column("coordinator", Words, default=""),
    Column("members", JSON, default=()),
    Column("generated", Boolean, default=False),
    Column("confirmed", JSON, default=()),
    Column("roadmap_written", Boolean, default=False),
    Column("roadmap_agreed", Boolean, default=False),
    Column("coached", Boolean, default=False),
    Column("proposed", Boolean, default=False),
    Column("over", Words),
)

APPLICATIONS = Table(
    "dashboard_applications",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("line", Words, default=""),
    Column("partnership_id", Uuid),
    Column("title", Words, default=""),
    Column("drafted", Boolean, default=False),
    Column("put_forward", Boolean, default=False),
    Column("requested_cents", BigInteger),
    Column("submitted_at", Moment),
    Column("withdrawn", Boolean, default=False),
    Column("finding", Words),
    Column("found_eligible", Boolean, default=False),
    Column("evaluated", Boolean, default=False),
    Column("ranked", Boolean, default=False),
    Column("outcome", Words),
    Column("grant", Words),
    Column("below", JSON, default=()),
)

GRANTS = Table(
    "dashboard_grants",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("call_id", Uuid),
    Column("line", Words, default=""),
    Column("pilot_action_id", Uuid),
    Column("state", Words, default="offered"),
    Column("cents", BigInteger, default=0),
    *(Column(name, BigInteger, default=0) for name in LEDGER),
)

ORDERS = Table(
    "dashboard_orders",
    METADATA,
    Column("grant_id", Uuid, primary_key=True),
    Column("order", BigInteger, primary_key=True, autoincrement=False),
    Column("kept_cents", BigInteger, default=0),
    *(Column(name, BigInteger, default=0) for name in TAKEN),
)
"""`ordered_cents` is what the order takes from the commitment now, `kept_cents` what it does without its delivery."""

REFUSALS = Table(
    "dashboard_refusals",
    METADATA,
    Column("rule", Words, primary_key=True),
    Column("month", Words, primary_key=True),
    Column("about", Uuid, primary_key=True),
    Column("after_closing", Boolean, primary_key=True),
    Column("count", BigInteger, default=0),
)
"""Refused requests by rule, month, what they were about, and whether its call had closed by then."""

for _table in (PARTNERSHIPS, APPLICATIONS):
    Index(f"{_table.name}_by_call", _table.c.call_id, _table.c.position)
Index("dashboard_grants_by_call", GRANTS.c.call_id, GRANTS.c.disbursed_cents)
