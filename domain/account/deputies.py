"""What the fund decides about deputies: who holds the role of an office for dates, in own name (D33)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account, Deputyship
from domain.account.commands import ConfirmDeputy, EndDeputy, NameDeputy
from domain.account.events import DeputyEnded, DeputyNamed, DeputyProposed, Represented
from domain.errors import WrongStage
from domain.messages import Change, Command, Decision, World
from domain.people import HAS_DEPUTIES, Role, one_checks_the_other
from domain.rulebook.ours.people import (
    a_reason_is_given,
    a_second_person_confirms,
    deputy_checks_nobody,
    deputy_is_confirmed_by_others,
    deputy_is_named_for_some_months,
    deputy_is_no_second_person,
    deputy_is_somebody_else,
    deputy_works_for_no_applicant,
    only_offices_have_deputies,
    somebody_acts_in_person,
)
from domain.values import BRUSSELS, ProtectedText


def name_deputy(command: NameDeputy, world: World) -> Decision:
    """Propose a deputy of who has a role, for days in Brussels; an officer of the secretariat confirms it (D33)."""
    only_offices_have_deputies(command.role, command.role in HAS_DEPUTIES)
    deputy_is_somebody_else(command.subject == command.represents)
    today = command.at.astimezone(BRUSSELS).date()
    deputy_is_named_for_some_months(command.first_day, command.last_day, today)
    if command.role in world.get(ACCOUNT, command.subject).deputy_for:
        raise WrongStage(
            "This person is proposed as a deputy in this role already.", "Let it be confirmed, or end it first."
        )
    _may_stand_in(command.subject, command.represents, command.role, command.at, world)
    event = DeputyProposed(
        **command.stamp(),
        role=command.role,
        represents=command.represents,
        starts=_midnight(command.first_day),
        until=_midnight(command.last_day + timedelta(days=1)),
    )
    return [Change(command.subject, event)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BRUSSELS).astimezone(UTC)


def _may_stand_in(subject: UUID, represents: UUID, role: Role, at: datetime, world: World) -> None:
    """Require of a deputy what is required of whoever is granted the role, and that it checks nobody's own deeds.

    Who is represented has the role in own right, and no other deputy for it.
    """
    deputy, represented = world.get(ACCOUNT, subject), world.get(ACCOUNT, represents)
    somebody_acts_in_person(deputy.shared)
    if role not in represented.roles:
        raise WrongStage(f"Who is represented does not have the role {role}.", "Name somebody who has it.")
    if role in deputy.roles:
        raise WrongStage(f"This person has the role {role} already.", "Name somebody else.")
    if deputy.deputyship(role, at) is not None:
        raise WrongStage("This person is a deputy in this role already.", "Name somebody else, or end that first.")
    if any(True for _ in _deputies(represented, represents, role, at, world)):
        raise WrongStage("There is a deputy for this role already.", "End that first.")
    deputy_works_for_no_applicant(deputy.organisation_id is not None)
    own = {*deputy.roles, *(one.role for one in deputy.deputyships if at < one.until)}
    deputy_checks_nobody(role, sorted(one for one in own if one_checks_the_other(one, role)))


def _deputies(account: Account, subject: UUID, role: Role, at: datetime, world: World) -> Iterator[UUID]:
    """Yield who is, or will be, the subject's deputy in a role."""
    for named, deputy in account.deputies:
        found = world.get(ACCOUNT, deputy).deputyship(role, at) if named is role else None
        if found is not None and found.represents == subject:
            yield deputy


def confirm_deputy(command: ConfirmDeputy, world: World) -> Decision:
    """Let a deputy hold the role for its dates, as the second person; nothing counts before this instant (D18, D33)."""
    asked = world.get(ACCOUNT, command.subject).deputy_for.get(command.role)
    if asked is None or asked.represents != command.represents:
        raise WrongStage(f"Nobody proposed this deputy in the role {command.role}.", "Propose it first.")
    two_persons_decide(asked.proposed_by, command, world)
    deputy_is_confirmed_by_others(command.by in (command.subject, asked.represents))
    if command.at >= asked.until:
        raise WrongStage("Its dates are over.", "End it, and name a deputy for other dates.")
    _may_stand_in(command.subject, asked.represents, command.role, command.at, world)
    named = DeputyNamed(
        **command.stamp(),
        role=command.role,
        strand=world.get(ACCOUNT, asked.represents).roles[command.role],
        represents=asked.represents,
        starts=max(asked.starts, command.at),
        until=asked.until,
        proposed_by=asked.proposed_by,
    )
    represented = Represented(**command.stamp(), role=command.role, deputy=command.subject)
    return [Change(command.subject, named), Change(asked.represents, represented)]


def end_deputy(command: EndDeputy, world: World) -> Decision:
    """End a deputyship, or what was proposed, for a reason that others understand later (D33)."""
    account = world.get(ACCOUNT, command.subject)
    found = account.deputy_for.get(command.role) or account.deputyship(command.role, command.at)
    if found is None or found.represents != command.represents:
        raise WrongStage(f"This person is no deputy of that one in the role {command.role}.")
    a_reason_is_given(command.reason)
    return [Change(command.subject, _ended(command, found, command.reason))]


def _ended(command: Command, one: Deputyship, why: str) -> DeputyEnded:
    reason = ProtectedText(subject=command.by, text=why)
    return DeputyEnded(**command.stamp(), role=one.role, represents=one.represents, reason=reason)


def ending_with(command: Command, subject: UUID, role: Role, world: World) -> Iterator[Change]:
    """Yield the end of every deputyship in a role that its holder loses: nobody stands in for nobody (D33)."""
    for deputy in _deputies(world.get(ACCOUNT, subject), subject, role, command.at, world):
        found = world.get(ACCOUNT, deputy).deputyship(role, command.at)
        assert found is not None
        yield Change(deputy, _ended(command, found, "Who is represented has the role no longer."))


def two_persons_decide(first: UUID, command: Command, world: World) -> None:
    """Require two persons, neither of whom is at that instant the other's deputy (D18, D33)."""
    a_second_person_confirms(first, command.by)
    together = _stands_in(command.by, first, command.at, world) or _stands_in(first, command.by, command.at, world)
    deputy_is_no_second_person(together)


def _stands_in(deputy: UUID, represents: UUID, at: datetime, world: World) -> bool:
    account = world.find(ACCOUNT, deputy) or Account()
    return any(one.represents == represents and one.lasts(at) for one in account.deputyships)


def in_whose_place(subject: UUID, role: Role, at: datetime, world: World) -> UUID:
    """Return whom a subject represented in a role at an instant, or the subject (D33)."""
    account = world.find(ACCOUNT, subject) or Account()
    places = (one.represents for one in account.deputyships if one.role is role and one.lasts(at))
    return next(places, subject)
