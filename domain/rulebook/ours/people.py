"""Our defaults on who may act: nobody in their own cause, nobody alone, everybody in their strand."""

from collections.abc import Sequence
from uuid import UUID

from domain.rulebook.rule import Rule

D05 = Rule(
    id="D05",
    sentence="Nobody judges an application, a list or a delivery to which they have a tie.",
    status="D",
    source="our default",
    note="A coach may not evaluate or approve the partnership coached; an evaluator may not approve; who proposes the "
    "list does not approve it; two approvers; who approves may not certify deliveries; who ordered may not certify "
    "that delivery; who proposed, co-wrote or coached a pilot, managed its cluster, or works for a member or for a "
    "rival applicant may neither evaluate nor approve it; the auditor only reads.",
)


def evaluator_is_independent(ties: Sequence[str]) -> None:
    """Require an evaluator without ties, phrases such as "coached this partnership" (D05)."""
    D05.require(
        not ties,
        f"You may not evaluate this application: you {' and '.join(ties)}.",
        "The secretariat gives it to somebody else.",
    )


def approver_is_independent(ties: Sequence[str]) -> None:
    """Require an approver without ties, phrases such as "evaluated this application" (D05)."""
    D05.require(
        not ties,
        f"You may not approve this: you {' and '.join(ties)}.",
        "Another approver must decide.",
    )


def certifier_is_independent(ties: Sequence[str]) -> None:
    """Require a certifier without ties, phrases such as "ordered this delivery" (D05)."""
    D05.require(
        not ties,
        f"You may not certify this delivery: you {' and '.join(ties)}.",
        "Another certifier must decide.",
    )


D18 = Rule(
    id="D18",
    sentence="A manual override has a reason, a second person and an event.",
    status="D",
    source="our default",
)


def a_reason_is_given(reason: str) -> None:
    """Require a reason that is more than spaces (D18)."""
    D18.require(bool(reason.strip()), "No reason is given.", "Say why, in a sentence that others understand later.")


def a_second_person_confirms(first: UUID, second: UUID) -> None:
    """Require two different persons (D18)."""
    D18.require(
        first != second,
        "You asked for this yourself; a second person must confirm it.",
        "Ask a colleague with the right role to confirm it.",
    )


D22 = Rule(
    id="D22",
    sentence="Secretariat, coach and resource manager keep to their strand; approvers are of the authority.",
    status="D",
    source="our default",
    note="The strands are AA and LAC; the authority is the contracting authority.",
)


def coach_serves_the_strand(serves: str | None, strand: str) -> None:
    """Require a coach for all strands (None) or for that of the partnership (D22)."""
    D22.require(
        serves in (None, strand),
        f"This coach serves the strand {serves}; the partnership belongs to {strand}.",
        f"Choose a coach of the strand {strand}.",
    )
