"""What the fund decides when the only officer of a city or region has left: proof, and two officers (D31)."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from domain.account.aggregate import ACCOUNT, Account, Claim
from domain.account.commands import AcceptAuthority, ClaimAuthority, ConfirmAuthority, DeclineAuthority
from domain.account.deputies import two_persons_decide
from domain.account.events import (
    AuthorityAccepted,
    AuthorityClaimed,
    AuthorityConfirmed,
    AuthorityDeclined,
    RoleGranted,
    RoleRevoked,
)
from domain.errors import WrongStage
from domain.messages import Change, Decision, World
from domain.organisation.aggregate import ORGANISATION
from domain.organisation.events import OfficerSucceeded
from domain.people import ACTS_FOR_A_CITY, Role
from domain.rulebook.ours.people import (
    a_reason_is_given,
    authority_is_proved,
    nobody_decides_for_oneself,
    nobody_else_acts,
    somebody_acts_in_person,
    successor_is_decided_by_two,
)
from domain.values import ProtectedText


def claim_authority(command: ClaimAuthority, world: World) -> Decision:
    """Take note that somebody asks to act for its city or region, with proof (D31)."""
    account = world.get(ACCOUNT, command.subject)
    if account.organisation_id is None:
        raise WrongStage("This account is for an office, not for a city or region.", "Ask for one of your city's.")
    if account.claim is not None:
        raise WrongStage("You asked already.", "Two officers of the secretariat decide.")
    somebody_acts_in_person(account.shared)
    authority_is_proved(command.reference)
    officers = _officers(world, account.organisation_id)
    departed = _departed(command, officers)
    _nobody_is_passed_over(command.subject, departed, officers)
    event = AuthorityClaimed(
        **command.stamp(),
        organisation_id=account.organisation_id,
        departed=departed,
        reference=ProtectedText(subject=command.by, text=command.reference),
    )
    return [Change(command.subject, event)]


def accept_authority(command: AcceptAuthority, world: World) -> Decision:
    """Find the proof good as the first of two officers (D31)."""
    claim = _claim(command, world)
    if claim.accepted_by is not None:
        raise WrongStage("A first officer found the proof good already.", "A second one confirms it.")
    _nobody_is_passed_over(command.subject, claim.departed, _officers(world, claim.organisation_id))
    return [Change(command.subject, AuthorityAccepted(**command.stamp(**_about(claim))))]


def confirm_authority(command: ConfirmAuthority, world: World) -> Decision:
    """Let the person act, and who left no longer, as the second of two officers (D18, D31)."""
    claim = _claim(command, world)
    if claim.accepted_by is None:
        raise WrongStage("No officer found the proof good yet.", "Look at the proof, and accept it as the first one.")
    two_persons_decide(claim.accepted_by, command, world)
    somebody_acts_in_person(world.get(ACCOUNT, command.subject).shared)
    officers = _officers(world, claim.organisation_id)
    _nobody_is_passed_over(command.subject, claim.departed, officers)
    confirmed = AuthorityConfirmed(**command.stamp(**_about(claim)), accepted_by=claim.accepted_by)
    return [Change(command.subject, confirmed), *_handed_over(command, claim, officers)]


def _handed_over(command: ConfirmAuthority, claim: Claim, officers: Mapping[UUID, Account]) -> Iterator[Change]:
    """Yield the roles of who left going over to who follows; the city or region is told."""
    given = _acting({role for one in officers.values() for role in one.held})
    for role in given:
        granted = RoleGranted(**command.stamp(), role=role, strand=None, proposed_by=claim.accepted_by)
        yield Change(command.subject, granted)
    if claim.departed is not None:
        reason = ProtectedText(subject=command.by, text="Left; who follows proved it.")
        for role in _acting(officers[claim.departed].roles):
            yield Change(claim.departed, RoleRevoked(**command.stamp(), role=role, reason=reason))
    succeeded = OfficerSucceeded(**command.stamp(), officer=command.subject, departed=claim.departed)
    yield Change(claim.organisation_id, succeeded)


def decline_authority(command: DeclineAuthority, world: World) -> Decision:
    """Do not find the proof good, for a reason that the person understands (D31)."""
    claim = _claim(command, world)
    a_reason_is_given(command.reason)
    reason = ProtectedText(subject=command.by, text=command.reason)
    return [Change(command.subject, AuthorityDeclined(**command.stamp(**_about(claim)), reason=reason))]


def nobody_follows_by_one_word(world: World, organisation_id: UUID, subject: UUID) -> None:
    """Require that somebody acts for a city or region, or that nobody but the subject ever did (D31)."""
    others = [one for id, one in _officers(world, organisation_id).items() if id != subject]
    successor_is_decided_by_two(bool(others) and not any(_acting(one.roles) for one in others))


def _officers(world: World, organisation_id: UUID) -> Mapping[UUID, Account]:
    """Return everybody who acts or ever acted for a city or region."""
    world.get(ORGANISATION, organisation_id)
    accounts = {id: world.get(ACCOUNT, id) for id in sorted(world.accounts_for(organisation_id))}
    return {id: account for id, account in accounts.items() if _acting(account.held)}


def _acting(roles: Mapping[Role, object] | frozenset[Role] | set[Role]) -> list[Role]:
    return sorted(ACTS_FOR_A_CITY.intersection(roles))


def _departed(command: ClaimAuthority, officers: Mapping[UUID, Account]) -> UUID | None:
    """Return who left: the one that is named, or the only one who acts."""
    if not officers:
        raise WrongStage("Nobody ever acted for this city or region.", "Ask the secretariat for a role.")
    if command.departed is not None:
        if command.departed not in officers:
            raise WrongStage("The one you name never acted for this city or region.", "Name who did, or nobody.")
        return command.departed
    acting = [id for id, account in officers.items() if _acting(account.roles)]
    return acting[0] if len(acting) == 1 else None


def _nobody_is_passed_over(subject: UUID, departed: UUID | None, officers: Mapping[UUID, Account]) -> None:
    if departed == subject or (subject in officers and _acting(officers[subject].roles)):
        raise WrongStage("This person acts for the city or region already.", "Nothing is to be decided.")
    nobody_else_acts(sorted(one.label for id, one in officers.items() if id != departed and _acting(one.roles)))


def _claim(command: AcceptAuthority | ConfirmAuthority | DeclineAuthority, world: World) -> Claim:
    claim = world.get(ACCOUNT, command.subject).claim
    if claim is None:
        raise WrongStage("This person does not ask to act for a city or region.", "Who does, asks with proof first.")
    nobody_decides_for_oneself(command.by in (command.subject, claim.departed))
    return claim


def _about(claim: Claim) -> dict[str, UUID | None]:
    return {"organisation_id": claim.organisation_id, "departed": claim.departed}
