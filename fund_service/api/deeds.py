"""One route, one command: the table of every request that people can make of the fund.

A path names what is done to what; its names in braces are fields of the command, the others come in the body. What
only the fund's own processes, or the operator on the machine itself, may ask for has no route.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from domain.account import commands as account
from domain.call import commands as call
from domain.call.aggregate import CALL
from domain.evaluation import commands as evaluation
from domain.evaluation.aggregate import EVALUATION
from domain.grant import commands as grant
from domain.grant.aggregate import GRANT
from domain.messages import Aggregate, Command
from domain.organisation import commands as organisation
from domain.partnership import commands as partnership
from domain.partnership.aggregate import PARTNERSHIP
from domain.pilot_action import commands as pilot_action
from domain.pilot_action.aggregate import PILOT_ACTION
from domain.working_paper import commands as working_paper
from fund_service.api.limits import What

_CALL: Final = "/calls/{call_id}"
_QUESTION: Final = f"{_CALL}/questions/{{number}}"
_LIST: Final = f"{_CALL}/lines/{{line}}/award-list"
_ACCOUNT: Final = "/accounts/{subject}"
_DEPUTY: Final = "/accounts/{represents}/deputies/{subject}/{role}"
_ORGANISATION: Final = "/organisations/{organisation_id}"
_PARTNERSHIP: Final = "/partnerships/{partnership_id}"
_MEMBER: Final = f"{_PARTNERSHIP}/members/{{organisation_id}}"
_ACTION: Final = "/pilot-actions/{pilot_action_id}"
_PART: Final = f"{_ACTION}/members/{{organisation_id}}"
_FILES: Final = f"{_ACTION}/attachments"
_FILE: Final = f"{_FILES}/{{attachment_id}}"
_GRANT: Final = "/grants/{grant_id}"
_DOCUMENT: Final = f"{_GRANT}/attachments/{{attachment_id}}"
_ORDER: Final = f"{_GRANT}/orders/{{order}}"
_PAPER: Final = "/working-papers/{paper_id}"
_FINDING: Final = f"{_PAPER}/findings/{{number}}"
_VERSIONED: Final[Mapping[str, str]] = {
    CALL.name: f"{_CALL}/decisions",
    PARTNERSHIP.name: _PARTNERSHIP,
    PILOT_ACTION.name: _ACTION,
    EVALUATION.name: f"{_ACTION}/evaluation",
    GRANT.name: _GRANT,
}
"""By kind of thing: where it is read with its version by whoever writes on it, as long as they may."""


class Deed(NamedTuple):
    """A request: its path, where its effect can be read (`at`), and what it may leave to the service.

    `makes` is the field with the id of what it makes: a fresh one where the body names none. `guards` is the kind of
    thing that two people may write at once: who writes says which version it saw (If-Match); where the command itself
    takes that version, `sees` is its field. `limited` is what it counts as, beside a request. What approves, certifies
    or changes roles `steps_up`: in a session it needs a fresh proof of who asks. `uploads`: its body is a form with a
    file (uploading.py).
    """

    command: type[Command]
    path: str
    at: str
    method: str = "POST"
    makes: str | None = None
    guards: Aggregate[Any] | None = None
    sees: str | None = None
    limited: What | None = None
    steps_up: bool = False
    uploads: bool = False

    @property
    def decided_on(self) -> str | None:
        """Where one reads what one decides on, whose ETag goes with the request; None where it takes none."""
        if self.guards is not None:
            return _VERSIONED[self.guards.name]
        return self.at if self.sees is not None else None


DEEDS: Final[tuple[Deed, ...]] = (
    Deed(organisation.RegisterOrganisation, "/organisations", _ORGANISATION, makes="organisation_id"),
    Deed(organisation.AdmitOrganisation, f"{_ORGANISATION}/admissions", _ORGANISATION),
    Deed(organisation.StatePopulation, f"{_ORGANISATION}/population", _ORGANISATION, "PUT"),
    Deed(organisation.LinkOrganisations, f"{_ORGANISATION}/links", _ORGANISATION),
    Deed(account.OpenAccount, "/accounts", _ACCOUNT, makes="subject"),
    Deed(account.InviteOfficer, f"{_MEMBER}/officers", _ACCOUNT, makes="subject", steps_up=True),
    Deed(account.GrantRole, f"{_ACCOUNT}/roles", _ACCOUNT, steps_up=True),
    Deed(account.ConfirmRole, f"{_ACCOUNT}/roles/{{role}}/confirmation", _ACCOUNT, steps_up=True),
    Deed(account.RevokeRole, f"{_ACCOUNT}/roles/{{role}}/revocation", _ACCOUNT, steps_up=True),
    Deed(account.RecordClusterLead, f"{_ACCOUNT}/clusters", _ACCOUNT),
    Deed(account.MarkSharedMailbox, f"{_ACCOUNT}/shared-mailbox", _ACCOUNT, steps_up=True),
    Deed(account.ClaimAuthority, f"{_ACCOUNT}/authority", "/me"),
    Deed(account.AcceptAuthority, f"{_ACCOUNT}/authority/acceptance", _ACCOUNT, steps_up=True),
    Deed(account.ConfirmAuthority, f"{_ACCOUNT}/authority/confirmation", _ACCOUNT, steps_up=True),
    Deed(account.DeclineAuthority, f"{_ACCOUNT}/authority/refusal", _ACCOUNT),
    Deed(account.NameDeputy, "/accounts/{represents}/deputies", _ACCOUNT, steps_up=True),
    Deed(account.ConfirmDeputy, f"{_DEPUTY}/confirmation", _ACCOUNT, steps_up=True),
    Deed(account.EndDeputy, f"{_DEPUTY}/end", _ACCOUNT),
    Deed(account.HoldErasure, f"{_ACCOUNT}/erasure/hold", _ACCOUNT),
    Deed(account.LiftHold, f"{_ACCOUNT}/erasure/hold/lifting", _ACCOUNT),
    Deed(account.DecideErasure, f"{_ACCOUNT}/erasure", _ACCOUNT),
    Deed(call.PublishCall, "/calls", _CALL, makes="call_id"),
    Deed(call.ProposeCorrection, f"{_CALL}/corrections", _CALL, guards=CALL),
    Deed(call.ConfirmCorrection, f"{_CALL}/corrections/{{correction}}/confirmation", _CALL, steps_up=True),
    Deed(call.ProposeCancellation, f"{_CALL}/cancellation", _CALL),
    Deed(call.CancelCall, f"{_CALL}/cancellation/confirmation", _CALL, steps_up=True),
    Deed(call.AskQuestion, f"{_CALL}/questions", "/me/questions"),
    Deed(call.AnswerQuestion, f"{_QUESTION}/answer", f"{_CALL}/questions"),
    Deed(call.AnswerPrivately, f"{_QUESTION}/private-answer", f"{_CALL}/questions/all"),
    Deed(call.DeclineQuestion, f"{_QUESTION}/refusal", f"{_CALL}/questions/all"),
    Deed(call.ProposeAwardList, f"{_LIST}/versions", f"{_CALL}/lines/{{line}}/ranking", guards=CALL),
    Deed(call.ReturnAwardList, f"{_LIST}/return", f"{_CALL}/lines/{{line}}/ranking"),
    Deed(call.ApproveAwardList, f"{_LIST}/approvals", f"{_CALL}/lines/{{line}}/ranking", steps_up=True),
    Deed(partnership.FormPartnership, "/partnerships", _PARTNERSHIP, makes="partnership_id"),
    Deed(partnership.MergePartnerships, "/partnership-mergers", _PARTNERSHIP, makes="partnership_id"),
    Deed(partnership.ConfirmMembership, f"{_MEMBER}/confirmation", _PARTNERSHIP),
    Deed(partnership.RecordDeparture, f"{_MEMBER}/departure", _PARTNERSHIP),
    Deed(partnership.DraftRoadmap, f"{_PARTNERSHIP}/roadmap-versions", _PARTNERSHIP, guards=PARTNERSHIP),
    Deed(partnership.AgreeRoadmap, f"{_MEMBER}/roadmap-agreements", _PARTNERSHIP),
    Deed(partnership.RecordMemorandum, f"{_PARTNERSHIP}/memoranda", _PARTNERSHIP),
    Deed(partnership.DeclineCoaching, f"{_PARTNERSHIP}/coaching/refusal", _PARTNERSHIP),
    Deed(partnership.RequestCoaching, f"{_PARTNERSHIP}/coaching/request", _PARTNERSHIP),
    Deed(partnership.AssignCoach, f"{_PARTNERSHIP}/coaching/coach", _PARTNERSHIP, "PUT"),
    Deed(partnership.HoldCoachingSession, f"{_PARTNERSHIP}/coaching/sessions", _PARTNERSHIP),
    Deed(partnership.RecordMissedSession, f"{_PARTNERSHIP}/coaching/missed-sessions", _PARTNERSHIP),
    Deed(partnership.CompleteCoaching, f"{_PARTNERSHIP}/coaching/completion", _PARTNERSHIP),
    Deed(partnership.HoldGroupSession, "/group-coaching-sessions", "/partnerships"),
    Deed(pilot_action.ProposePilotAction, "/pilot-actions", _ACTION, makes="pilot_action_id"),
    Deed(pilot_action.NameExpert, f"{_ACTION}/experts", _ACTION),
    Deed(
        pilot_action.SaveDraftSection,
        f"{_ACTION}/draft/sections/{{section}}",
        f"{_ACTION}/draft/sections/{{section}}",
        "PUT",
        sees="base",
    ),
    Deed(pilot_action.AttachFile, _FILES, _FILE, makes="attachment_id", uploads=True),
    Deed(pilot_action.DetachFile, f"{_FILE}/detachment", _FILES),
    Deed(pilot_action.AttachProof, f"{_PART}/proofs", _FILE, makes="attachment_id", uploads=True),
    Deed(pilot_action.PutForwardVersion, f"{_ACTION}/versions", _ACTION, guards=PILOT_ACTION),
    Deed(pilot_action.ConfirmParticipation, f"{_PART}/confirmations", _ACTION),
    Deed(pilot_action.DeclineParticipation, f"{_PART}/refusals", _ACTION),
    Deed(pilot_action.RecordLetter, f"{_PART}/letters", _ACTION),
    Deed(pilot_action.VerifyLetter, f"{_PART}/letters/verification", _ACTION),
    Deed(pilot_action.ChooseApplication, f"{_ACTION}/choice", _ACTION),
    Deed(pilot_action.SubmitApplication, f"{_ACTION}/submissions", f"{_ACTION}/receipt", limited=What.SUBMISSION),
    Deed(pilot_action.WithdrawApplication, f"{_ACTION}/withdrawal", _ACTION),
    Deed(pilot_action.AskClarification, f"{_ACTION}/clarification", _ACTION),
    Deed(pilot_action.AnswerClarification, f"{_ACTION}/clarification/answer", _ACTION),
    Deed(pilot_action.TakeOutApplication, f"{_ACTION}/removal/of-ended-partnership", _ACTION),
    Deed(pilot_action.ProposeRemoval, f"{_ACTION}/removal", _ACTION),
    Deed(pilot_action.ConfirmRemoval, f"{_ACTION}/removal/confirmation", _ACTION, steps_up=True),
    Deed(pilot_action.RequestAccess, f"{_ACTION}/exceptional-access", _ACTION),
    Deed(pilot_action.AllowAccess, f"{_ACTION}/exceptional-access/confirmation", _ACTION, steps_up=True),
    Deed(evaluation.AssignEvaluator, f"{_ACTION}/evaluators", f"{_ACTION}/evaluation"),
    Deed(evaluation.ReplaceEvaluator, f"{_ACTION}/evaluators/{{evaluator}}/replacement", f"{_ACTION}/evaluation"),
    Deed(evaluation.DeclareNoConflict, f"{_ACTION}/evaluation/declaration-of-no-conflict", f"{_ACTION}/evaluation"),
    Deed(evaluation.DeclareConflict, f"{_ACTION}/evaluation/declaration-of-conflict", f"{_ACTION}/evaluation"),
    Deed(evaluation.WithdrawEvaluator, f"{_ACTION}/evaluation/withdrawal", f"{_ACTION}/evaluation"),
    Deed(evaluation.ProposeFewerEvaluators, f"{_ACTION}/evaluation/smaller-committee", f"{_ACTION}/evaluation"),
    Deed(
        evaluation.ConfirmFewerEvaluators,
        f"{_ACTION}/evaluation/smaller-committee/confirmation",
        f"{_ACTION}/evaluation",
    ),
    Deed(evaluation.RecordAllegation, f"{_ACTION}/evaluators/{{evaluator}}/allegations", f"{_ACTION}/evaluation"),
    Deed(evaluation.DecideAllegation, f"{_ACTION}/evaluation/allegations/{{number}}/decision", f"{_ACTION}/evaluation"),
    Deed(evaluation.GiveScores, f"{_ACTION}/evaluation/scores", f"{_ACTION}/evaluation"),
    Deed(
        evaluation.ProposeConsensus,
        f"{_ACTION}/evaluation/consensus",
        f"{_ACTION}/evaluation",
        guards=EVALUATION,
    ),
    Deed(evaluation.AgreeConsensus, f"{_ACTION}/evaluation/consensus/agreements", f"{_ACTION}/evaluation"),
    Deed(grant.AcceptGrant, f"{_GRANT}/acceptance", _GRANT),
    Deed(grant.DeclineGrant, f"{_GRANT}/refusal", _GRANT),
    Deed(grant.OrderResource, f"{_GRANT}/orders", _GRANT, guards=GRANT),
    Deed(grant.CancelOrder, f"{_ORDER}/cancellation", _GRANT),
    Deed(grant.RecordDelivery, f"{_ORDER}/delivery", _GRANT),
    Deed(grant.RecordInvoice, f"{_ORDER}/invoice", _GRANT),
    Deed(grant.AcknowledgeDelivery, f"{_ORDER}/acknowledgement", _GRANT),
    Deed(grant.RefuseDelivery, f"{_ORDER}/delivery-refusal", _GRANT),
    Deed(grant.CertifyDelivery, f"{_ORDER}/certificate", _GRANT, steps_up=True),
    Deed(grant.ProposeReversal, f"{_ORDER}/reversal", _GRANT),
    Deed(grant.ConfirmReversal, f"{_ORDER}/reversal/confirmation", _GRANT, steps_up=True),
    Deed(grant.DismissReversal, f"{_ORDER}/reversal/dismissal", _GRANT),
    Deed(grant.AttachEvidence, f"{_ORDER}/evidence", _DOCUMENT, makes="attachment_id", uploads=True),
    Deed(grant.AttachToReport, f"{_GRANT}/final-report/attachments", _DOCUMENT, makes="attachment_id", uploads=True),
    Deed(grant.FileFinalReport, f"{_GRANT}/final-report", _GRANT),
    Deed(working_paper.OpenWorkingPaper, f"{_CALL}/audit/papers", _PAPER, makes="paper_id"),
    Deed(working_paper.WriteNote, f"{_PAPER}/notes", _PAPER),
    Deed(working_paper.IssueFinding, f"{_PAPER}/findings", _PAPER),
    Deed(working_paper.AnswerFinding, f"{_FINDING}/answer", _PAPER),
    Deed(working_paper.FollowUpFinding, f"{_FINDING}/follow-up", _PAPER),
    Deed(working_paper.CloseWorkingPaper, f"{_PAPER}/closure", _PAPER),
)
"""Every request by its command; a test shows that none is missing and none stands twice."""

DEED_OF: Final[Mapping[type[Command], Deed]] = {deed.command: deed for deed in DEEDS}
"""The request of each command that people may ask for."""
