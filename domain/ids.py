"""Ids that follow from other ids, so that nobody has to look them up."""

from uuid import NAMESPACE_URL, UUID, uuid5


def call_id(edition: str) -> UUID:
    """Return the id of the call that is published from an edition file; an edition is published once."""
    return uuid5(NAMESPACE_URL, f"iurc-fund/call/{edition}")


def evaluation_id(pilot_action_id: UUID) -> UUID:
    """Return the id of the evaluation of a pilot action's application."""
    return uuid5(pilot_action_id, "evaluation")


def grant_id(pilot_action_id: UUID) -> UUID:
    """Return the id of the grant for a pilot action."""
    return uuid5(pilot_action_id, "grant")
