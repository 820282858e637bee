"""What stands on an applicant's home. What the fund knows and has not released is no part of these rows (D17)."""

from uuid import UUID

from domain.pilot_action.events import Finding
from domain.values import Cents, Digest, Instant, Value


class MemberRow(Value):
    """A member of the partnership: whether it confirmed that it takes part, and agreed to the current roadmap."""

    id: UUID
    name: str
    side: str
    is_coordinator: bool
    confirmed: bool
    agreed_roadmap: bool


class ReceiptRow(Value):
    """What was submitted last: its version and digest, the instant of its arrival (UTC) and its position in the log.

    `correction` is the last material correction of the call before it (D21). `versions` counts what was submitted, all
    of it kept (D08). `missing` names the members whose confirmation of this
    version is missing; what is missing at closing makes it inadmissible (D10).
    """

    version: int
    digest: Digest
    arrived_at: Instant
    position: int
    correction: int
    versions: int
    missing: tuple[str, ...]
    withdrawn: bool


class NoticeRow(Value):
    """A correction of the call as everybody is told it: its number, since when it holds (UTC), and why (D21)."""

    correction: int
    at: Instant
    reason: str


class CriterionRow(Value):
    """One criterion after the release: what counts as 'n/d', the same for people, its threshold.

    That is the exact mean of the scores, or the evaluators' `consensus` (D01).
    """

    criterion: str
    name: str
    mean: str
    shown: str
    threshold: int
    passed: bool
    consensus: bool


class OutcomeRow(Value):
    """The outcome after the release, with its reasons (D23, E11).

    `outcome` is award, reserve, not_selected, inadmissible or ineligible.
    """

    outcome: str
    reason: str
    findings: tuple[Finding, ...]
    criteria: tuple[CriterionRow, ...]


class OrderRow(Value):
    """One order of the fund's for this grant, in integer euro cents.

    `kept_cents` counts against the commitment until the certified value replaces it. A refused delivery is delivered
    anew or its order cancelled. Of its invoice the fund bears `borne_cents`; the rest is borne outside (D12).
    """

    order: int
    kind: str
    supplier: str
    ordered_cents: Cents
    kept_cents: Cents
    cancelled: bool
    delivered_cents: Cents | None
    acknowledge_by: Instant | None
    refused: bool
    borne_cents: Cents | None
    borne_outside_cents: Cents
    acknowledged: bool
    disbursed_cents: Cents | None

    @property
    def counts(self) -> Cents:
        """What the order takes from the commitment now, in cents (D12)."""
        if self.cancelled:
            return 0
        return max(self.kept_cents, self.borne_cents or 0) if self.disbursed_cents is None else self.disbursed_cents

    @property
    def delivered_value(self) -> Cents:
        """The value of what is delivered, in cents: as the fund bears it, once there is an invoice."""
        return (self.delivered_cents or 0) if self.borne_cents is None else self.borne_cents


class GrantRow(Value):
    """Support in kind: offered, accepted, declined, lapsed or closed; its ledger in integer euro cents.

    `part_of_cents` is the request where the support is only a part of it, to which accepting agrees (D04).
    `ordered_cents` is what orders take from the support, and `left_cents` what the fund can still order: an order
    counts until its certified value replaces it (D12). What is delivered has the value of its invoice where that came.
    """

    id: UUID
    state: str
    cents: Cents
    part_of_cents: Cents | None
    accept_by: Instant | None
    ordered_cents: Cents
    delivered_cents: Cents
    disbursed_cents: Cents
    left_cents: Cents
    returned_cents: Cents
    report_filed: bool
    report_overdue: bool
    orders: tuple[OrderRow, ...]

    @property
    def to_acknowledge(self) -> tuple[OrderRow, ...]:
        """The orders whose delivery waits for the city's word."""
        return tuple(order for order in self.orders if order.delivered_cents is not None and not order.acknowledged)


class PilotActionRow(Value):
    """A pilot action with its draft, the version that was put forward last, and what came of it.

    `draft` is empty, written, put forward, or changed (since that version). `confirmed` and `missing` name the members
    other than the coordinator that confirmed that version, or did not yet.
    """

    id: UUID
    title: str
    line: str
    draft: str
    draft_cents: Cents
    draft_saved_at: Instant | None
    sections: int
    sections_missing: tuple[str, ...]
    version: int | None
    digest: Digest | None
    requested_cents: Cents | None
    confirmed: tuple[str, ...]
    missing: tuple[str, ...]
    receipt: ReceiptRow | None
    outcome: OutcomeRow | None
    grant: GrantRow | None
    reserve_until: Instant | None
    clarification_due: Instant | None
    status: str = ""
    next_step: str = ""
    due: Instant | None = None
    yours: bool = False
    command: str | None = None
    rule: str | None = None


class HomeRow(Value):
    """One partnership as one of its members sees it.

    `coaching` is not offered, offered, declined, requested, assigned, sessions, completed or ended. `next_step` is one
    deed, until `due` (UTC); `yours` is false when others act first. `status` and `next_step` are those of the pilot
    action that asks most of the reader. `named_in` counts the call's applications that name the reader as a partner.
    """

    id: UUID
    name: str
    call_id: UUID
    call: str
    notices: tuple[NoticeRow, ...]
    is_coordinator: bool
    members: tuple[MemberRow, ...]
    coaching: str
    coaching_sessions: int
    merged_into: str | None = None
    ended: bool = False
    named_in: int = 0
    roadmap_version: int
    roadmap_digest: Digest | None
    roadmap_agreed: bool
    pilot_actions: tuple[PilotActionRow, ...]
    status: str = ""
    next_step: str = ""
    due: Instant | None = None
    yours: bool = False
    command: str | None = None
    rule: str | None = None
