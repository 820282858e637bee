"""The tables of the applicant's home: what the fund knows of calls, partnerships, pilot actions and grants."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Uuid

from projections.read_model import Moment, Words

METADATA = MetaData()

CALLS = Table(
    "home_calls",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("title", Words, default=""),
    Column("coaching_closes", Moment),
    Column("applications_open", Moment),
    Column("applications_close", Moment),
    Column("outcomes_released", Moment),
    Column("final_report_due", Moment),
    Column("sections", JSON, default=()),
    Column("criteria", JSON, default={}),
    Column("coaching_open", Boolean, default=False),
    Column("applications_opened", Boolean, default=False),
    Column("applications_closed", Boolean, default=False),
    Column("cancelled", Boolean, default=False),
    Column("settled", Boolean, default=False),
    Column("corrected", Integer, default=0),
    Column("notices", JSON, default=()),
)

LINES = Table(
    "home_lines",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("line", Words, primary_key=True),
    Column("reserve_until", Moment),
    Column("released", Boolean, default=False),
)

MEMBERSHIPS = Table(
    "home_memberships",
    METADATA,
    Column("organisation_id", Uuid, primary_key=True),
    Column("partnership_id", Uuid, primary_key=True),
)

NAMINGS = Table(
    "home_namings",
    METADATA,
    Column("organisation_id", Uuid, primary_key=True),
    Column("call_id", Uuid, primary_key=True),
    Column("applications", Integer, default=0),
)

PARTNERSHIPS = Table(
    "home_partnerships",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("name", Words, default=""),
    Column("coordinator_id", Uuid),
    Column("members", JSON, default=()),
    Column("confirmed", JSON, default=()),
    Column("roadmap_version", Integer, default=0),
    Column("roadmap_digest", Words),
    Column("agreed", JSON, default=()),
    Column("roadmap_agreed", Boolean, default=False),
    Column("coaching", Words, default="not offered"),
    Column("coaching_sessions", Integer, default=0),
    Column("merged_into", Words),
    Column("ended", Boolean, default=False),
)

PILOT_ACTIONS = Table(
    "home_pilot_actions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("call_id", Uuid),
    Column("line", Words, default=""),
    Column("partnership_id", Uuid),
    Column("title", Words, default=""),
    Column("draft", Words, default="empty"),
    Column("draft_cents", BigInteger, default=0),
    Column("draft_saved_at", Moment),
    Column("answered", JSON, default=()),
    Column("version", Integer),
    Column("digest", Words),
    Column("requested_cents", BigInteger),
    Column("receipt", JSON),
    Column("versions", Integer, default=0),
    Column("withdrawn", Boolean, default=False),
    Column("clarification_due", Moment),
    Column("finding", Words),
    Column("findings", JSON, default=()),
    Column("outcome", Words),
    Column("reason", Words, default=""),
    Column("terms", JSON, default=()),
)

CONFIRMATIONS = Table(
    "home_confirmations",
    METADATA,
    Column("pilot_action_id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, primary_key=True),
    Column("digest", Words, primary_key=True),
)

GRANTS = Table(
    "home_grants",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("pilot_action_id", Uuid),
    Column("state", Words, default="offered"),
    Column("cents", BigInteger, default=0),
    Column("part_of_cents", BigInteger),
    Column("accept_by", Moment),
    Column("returned_cents", BigInteger, default=0),
    Column("report_filed", Boolean, default=False),
    Column("report_overdue", Boolean, default=False),
)

ORDERS = Table(
    "home_orders",
    METADATA,
    Column("grant_id", Uuid, primary_key=True),
    Column("order", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Words, default=""),
    Column("supplier", Words, default=""),
    Column("ordered_cents", BigInteger, default=0),
    Column("kept_cents", BigInteger, default=0),
    Column("cancelled", Boolean, default=False),
    Column("delivered_cents", BigInteger),
    Column("acknowledge_by", Moment),
    Column("refused", Boolean, default=False),
    Column("borne_cents", BigInteger),
    Column("borne_outside_cents", BigInteger, default=0),
    Column("acknowledged", Boolean, default=False),
    Column("disbursed_cents", BigInteger),
)

Index("home_pilot_actions_by_partnership", PILOT_ACTIONS.c.partnership_id)
Index("home_grants_by_pilot_action", GRANTS.c.pilot_action_id)
