"""What an organisation may see of its partnerships: nothing of rank, scores or outcome before a release (D17)."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from domain.pilot_action.events import (
    Finding,
)
from projections.applicant_rows import (
    CriterionRow,
    GrantRow,
    HomeRow,
    MemberRow,
    NoticeRow,
    OrderRow,
    OutcomeRow,
    PilotActionRow,
    ReceiptRow,
)
from projections.applicant_steps import Dates, with_words
from projections.applicant_tables import (
    CALLS,
    CONFIRMATIONS,
    GRANTS,
    LINES,
    MEMBERSHIPS,
    NAMINGS,
    ORDERS,
    PARTNERSHIPS,
    PILOT_ACTIONS,
)
from projections.call_ranking import rounded
from projections.read_model import Row, fetch

_OF_MEMBER: Final = select(MEMBERSHIPS.c.partnership_id).where(
    MEMBERSHIPS.c.organisation_id == bindparam("organisation_id")
)
_BLANK_CALL: Row = {**Dates()._asdict(), "title": "", "sections": (), "criteria": {}, "settled": False, "notices": ()}
_PARTNERSHIPS: Final = (
    select(
        PARTNERSHIPS,
        NAMINGS.c.applications.label("named_in"),
        CALLS.c.id.label("known_call"),
        *(CALLS.c[name].label(f"call_{name}") for name in _BLANK_CALL),
    )
    .outerjoin(CALLS, CALLS.c.id == PARTNERSHIPS.c.call_id)
    .outerjoin(
        NAMINGS,
        (NAMINGS.c.call_id == PARTNERSHIPS.c.call_id) & (NAMINGS.c.organisation_id == bindparam("organisation_id")),
    )
    .where(PARTNERSHIPS.c.id.in_(_OF_MEMBER))
    .order_by(PARTNERSHIPS.c.position)
)
_ACTIONS: Final = (
    select(PILOT_ACTIONS, LINES.c.released, LINES.c.reserve_until)
    .outerjoin(LINES, (LINES.c.call_id == PILOT_ACTIONS.c.call_id) & (LINES.c.line == PILOT_ACTIONS.c.line))
    .where(PILOT_ACTIONS.c.partnership_id.in_(_OF_MEMBER), PILOT_ACTIONS.c.position.is_not(None))
    .order_by(PILOT_ACTIONS.c.position)
)
_CONFIRMED: Final = select(CONFIRMATIONS).where(
    CONFIRMATIONS.c.pilot_action_id.in_(
        select(PILOT_ACTIONS.c.id).where(PILOT_ACTIONS.c.partnership_id.in_(_OF_MEMBER))
    )
)
"""Asked with every page of who applies, so that they are put together once."""
_OF_HOME: Final = {*HomeRow.model_fields} & {*PARTNERSHIPS.c.keys()} - {"members"}
_OF_ACTION: Final = {*PilotActionRow.model_fields} & {*PILOT_ACTIONS.c.keys()} - {"receipt"}
_OF_ORDER: Final = tuple(OrderRow.model_fields)
"""What stands in a row as its table holds it."""


def homes(connection: Connection, organisation_id: UUID) -> list[HomeRow]:
    """Return every partnership that the organisation is a member of, as it may see it now, oldest first."""
    partnerships = fetch(connection, _PARTNERSHIPS, organisation_id=organisation_id)
    rows = fetch(connection, _ACTIONS, organisation_id=organisation_id) if partnerships else []
    put_forward = any(row["version"] for row in rows)
    confirmations = fetch(connection, _CONFIRMED, organisation_id=organisation_id) if put_forward else []
    calls = {partnership["id"]: _call(partnership) for partnership in partnerships}
    told = [row["id"] for row in rows if _is_told(row, calls[row["partnership_id"]])]
    granted = grants(connection, told) if told else {}
    shown = []
    for partnership in partnerships:
        call = calls[partnership["id"]]
        own = [_with_confirmations(row, confirmations) for row in rows if row["partnership_id"] == partnership["id"]]
        actions = tuple(_action(row, partnership, call, granted.get(row["id"])) for row in own)
        home = _home(partnership, call, organisation_id, actions)
        shown.append(with_words(home, organisation_id, Dates(**{name: call[name] for name in Dates._fields})))
    return shown


def _call(partnership: Row) -> Row:
    """Return the call that a partnership was formed for, a blank one where nothing is known of it."""
    if partnership["known_call"] is None:
        return _BLANK_CALL
    return {name: partnership[f"call_{name}"] for name in _BLANK_CALL}


def _is_told(row: Row, call: Row) -> bool:
    """Tell whether what was decided on a pilot action is told."""
    return bool(row["released"] or call["settled"])


def _with_confirmations(row: Row, confirmations: Sequence[Row]) -> Row:
    own = (one for one in confirmations if one["pilot_action_id"] == row["id"])
    return {**row, "confirmations": {(str(one["organisation_id"]), one["digest"]) for one in own}}


def notices(connection: Connection, call_id: UUID) -> list[NoticeRow]:
    """Return the corrections of a call as everybody is told them, in their order (D21)."""
    found = connection.execute(select(CALLS.c.notices).where(CALLS.c.id == call_id)).scalar_one_or_none()
    return [NoticeRow(**notice) for notice in found or ()]


def _home(partnership: Row, call: Row, reader: UUID, actions: tuple[PilotActionRow, ...]) -> HomeRow:
    coordinator = partnership["coordinator_id"]
    confirmed = {*partnership["confirmed"], str(coordinator)}
    members = tuple(
        MemberRow(
            id=UUID(member["organisation_id"]),
            name=member["name"],
            side=member["side"],
            is_coordinator=member["organisation_id"] == str(coordinator),
            confirmed=member["organisation_id"] in confirmed,
            agreed_roadmap=member["organisation_id"] in partnership["agreed"],
        )
        for member in partnership["members"]
    )
    own = {name: partnership[name] for name in _OF_HOME}
    notices = tuple(NoticeRow(**notice) for notice in call["notices"])
    known = {"is_coordinator": reader == coordinator, "call": call["title"], "pilot_actions": actions}
    known |= {"named_in": partnership["named_in"] or 0}
    return HomeRow(**own, **known, notices=notices, members=members)


def grants(connection: Connection, pilot_action_ids: Sequence[UUID]) -> dict[UUID, GrantRow]:
    """Return the grants of these pilot actions by them, as the fund knows them, whether released or not."""
    rows = fetch(connection, select(GRANTS).where(GRANTS.c.pilot_action_id.in_(pilot_action_ids)))
    query = select(ORDERS).where(ORDERS.c.grant_id.in_([row["id"] for row in rows])).order_by(ORDERS.c.order)
    orders = fetch(connection, query) if rows else []
    return {
        row["pilot_action_id"]: _grant_row(row, [one for one in orders if one["grant_id"] == row["id"]]) for row in rows
    }


def _action(row: Row, partnership: Row, call: Row, grant: GrantRow | None) -> PilotActionRow:
    released = _is_told(row, call)
    own = {name: row[name] for name in _OF_ACTION}
    confirmed, missing = _confirmations(row, partnership, row["digest"])
    known: dict[str, Any] = {
        "sections": len(call["sections"]),
        "sections_missing": tuple(_sections_missing(row, call)),
        "confirmed": confirmed,
        "missing": missing if row["version"] else (),
        "receipt": _receipt(row, partnership),
        "outcome": _outcome(row, call) if released else None,
        "grant": grant,
        "reserve_until": row["reserve_until"] if released and row["outcome"] == "reserve" and not grant else None,
    }
    return PilotActionRow(**{**own, **known})


def _sections_missing(row: Row, call: Row) -> Iterable[str]:
    for section in call["sections"]:
        unanswered = not set(section["required"]) <= set(row["answered"])
        if unanswered or (section["resources"] and not row["draft_cents"]):
            yield section["title"]


def _confirmations(row: Row, partnership: Row, digest: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the members other than the coordinator that confirmed this digest, and of the rest."""
    given = {organisation for organisation, named in row["confirmations"] if named == digest}
    others = [m for m in partnership["members"] if m["organisation_id"] != str(partnership["coordinator_id"])]
    confirmed = tuple(member["name"] for member in others if member["organisation_id"] in given)
    return confirmed, tuple(member["name"] for member in others if member["organisation_id"] not in given)


def _receipt(row: Row, partnership: Row) -> ReceiptRow | None:
    if row["receipt"] is None:
        return None
    _, missing = _confirmations(row, partnership, row["receipt"]["digest"])
    return ReceiptRow(**row["receipt"], versions=row["versions"], missing=missing, withdrawn=row["withdrawn"])


def _outcome(row: Row, call: Row) -> OutcomeRow | None:
    outcome = row["finding"] or row["outcome"]
    if outcome is None or row["withdrawn"]:
        return None
    findings = tuple(Finding(**finding) for finding in row["findings"])
    criteria = tuple(
        CriterionRow(
            criterion=term["criterion"],
            name=call["criteria"].get(term["criterion"], term["criterion"]),
            mean=term["mean"],
            shown=rounded(term["mean"]),
            threshold=term["threshold"],
            passed=term["passed"],
            consensus=term["consensus"],
        )
        for term in row["terms"]
    )
    reason = row["reason"] or " ".join(finding.detail for finding in findings)
    return OutcomeRow(outcome=outcome, reason=reason, findings=findings, criteria=criteria)


def _grant_row(grant: Row, own_orders: Iterable[Row]) -> GrantRow:
    orders = tuple(OrderRow(**{name: order[name] for name in _OF_ORDER}) for order in own_orders)
    taken = sum(order.counts for order in orders)
    own = {name: grant[name] for name in GrantRow.model_fields if name in grant}
    return GrantRow(
        **own,
        ordered_cents=taken,
        delivered_cents=sum(order.delivered_value for order in orders),
        disbursed_cents=sum(order.disbursed_cents or 0 for order in orders),
        left_cents=grant["cents"] - taken if grant["state"] == "accepted" else 0,
        orders=orders,
    )
