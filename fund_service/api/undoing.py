"""How each request can be taken back: by which other one, in which sense; or why it cannot be.

Nothing is ever struck out of the log: to take something back is another deed, which the domain allows or refuses like
any other. Whether it would be accepted now is asked of the domain, never of this table.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.account import commands as account
from domain.call import commands as call
from domain.evaluation import commands as evaluation
from domain.grant import commands as grant
from domain.messages import Command
from domain.organisation import commands as organisation
from domain.partnership import commands as partnership
from domain.pilot_action import commands as pilot_action
from domain.working_paper import commands as working_paper


class Way(NamedTuple):
    """A way back: what can be said of it, the request that does it (None: there is none), and the step of the call's
    calendar until which it can be asked for.
    """

    says: str
    by: type[Command] | None = None
    until: str | None = None


_ANEW: Final = "Do it again: the later one takes its place, and the earlier one stays in the history."
_WAITS: Final = "Nothing has changed yet: it waits for a second person, who may leave it undone."
_STAYS: Final = "It cannot be taken back. What is wrong in it is told to the secretariat, and stands beside it."
_ONCE: Final = "It cannot be taken back: it is said once, and others act on it."
_ROLE: Final = "The role can be taken away, effective at once, with a reason."
_LEAVES: Final = "The evaluator can leave before the evaluation is complete, and does not come back to it."
_REVERSED: Final = "Two persons can reverse the delivery: the order then stands as before it."
_DECLINED: Final = "An officer of the secretariat can decline it, for a reason: everything then stays as it was."
_VERSION: Final = "It cannot be taken back. It holds for this version alone: another one asks again."
_LEFT: Final = "The secretariat can record that the member left."
_NEXT_LIST: Final = "The secretariat can propose the next version."
_SENT_BACK: Final = "Another approver can send this version back with remarks, as long as it is not adopted."

WAYS: Final[Mapping[type[Command], Way]] = {
    organisation.RegisterOrganisation: Way(_STAYS),
    organisation.AdmitOrganisation: Way(_STAYS),
    organisation.StatePopulation: Way(_STAYS),
    organisation.LinkOrganisations: Way(_STAYS),
    account.OpenAccount: Way("The account stays. Without a role nobody does anything by it."),
    account.InviteOfficer: Way(_ROLE, account.RevokeRole),
    account.GrantRole: Way(_ROLE, account.RevokeRole),
    account.ConfirmRole: Way(_ROLE, account.RevokeRole),
    account.RevokeRole: Way("The role can be granted again.", account.GrantRole),
    account.RecordClusterLead: Way("It cannot be taken back: who managed a cluster does not judge its applications."),
    account.MarkSharedMailbox: Way("It cannot be taken back. Open an account of their own for each person who acts."),
    account.ClaimAuthority: Way(_DECLINED, account.DeclineAuthority),
    account.AcceptAuthority: Way(_DECLINED, account.DeclineAuthority),
    account.ConfirmAuthority: Way(_ROLE, account.RevokeRole),
    account.DeclineAuthority: Way("The person can ask again, with a better proof.", account.ClaimAuthority),
    account.NameDeputy: Way(
        "Nothing has changed yet: it can be ended before and after an officer confirms it.", account.EndDeputy
    ),
    account.ConfirmDeputy: Way("It can be ended at any moment, with a reason.", account.EndDeputy),
    account.EndDeputy: Way("The same deputy can be named again, and is confirmed again.", account.NameDeputy),
    account.HoldErasure: Way("A second person can lift the hold, with a reason.", account.LiftHold),
    account.LiftHold: Way("The personal data can be held back again, with a reason.", account.HoldErasure),
    account.DecideErasure: Way("It cannot be taken back: what is erased is gone for good."),
    call.PublishCall: Way(
        "It cannot be taken back. Two persons can correct it, or cancel it before its outcomes are released."
    ),
    call.ProposeCorrection: Way(
        "Nothing has changed yet: a second person may leave it undone, and another proposal takes its place."
    ),
    call.ConfirmCorrection: Way("It cannot be taken back. Two persons can correct the call once more."),
    call.ProposeCancellation: Way(_WAITS),
    call.CancelCall: Way("It cannot be taken back. Another call can be published."),
    call.AskQuestion: Way("It cannot be taken back. The secretariat answers it, or declines to."),
    call.AnswerQuestion: Way("It cannot be taken back. A corrected answer can be published, for all at one instant."),
    call.AnswerPrivately: Way(_ONCE),
    call.DeclineQuestion: Way(_ONCE),
    call.ProposeAwardList: Way(_SENT_BACK, call.ReturnAwardList),
    call.ReturnAwardList: Way(_NEXT_LIST, call.ProposeAwardList),
    call.ApproveAwardList: Way(_SENT_BACK, call.ReturnAwardList),
    partnership.FormPartnership: Way(_LEFT, partnership.RecordDeparture),
    partnership.MergePartnerships: Way(_STAYS),
    partnership.ConfirmMembership: Way(_LEFT, partnership.RecordDeparture),
    partnership.RecordDeparture: Way("It cannot be taken back. Who comes back forms a new partnership."),
    partnership.DraftRoadmap: Way(_ANEW, partnership.DraftRoadmap),
    partnership.AgreeRoadmap: Way("A new version of the roadmap asks every member again.", partnership.DraftRoadmap),
    partnership.RecordMemorandum: Way(_STAYS),
    partnership.DeclineCoaching: Way(_ONCE),
    partnership.RequestCoaching: Way(_ONCE),
    partnership.AssignCoach: Way(_ONCE),
    partnership.HoldCoachingSession: Way(_STAYS),
    partnership.RecordMissedSession: Way(_STAYS),
    partnership.CompleteCoaching: Way(_ONCE),
    partnership.HoldGroupSession: Way(_STAYS),
    pilot_action.ProposePilotAction: Way("A draft that is not submitted counts for nothing: it can be left as it is."),
    pilot_action.NameExpert: Way("It cannot be taken back: who helped to write an application does not judge it."),
    pilot_action.SaveDraftSection: Way(_ANEW, pilot_action.SaveDraftSection, "applications_close"),
    pilot_action.AttachFile: Way(
        "It can be taken off the draft; the versions that were put forward with it keep it.",
        pilot_action.DetachFile,
        "applications_close",
    ),
    pilot_action.DetachFile: Way("The file can be attached again.", pilot_action.AttachFile, "applications_close"),
    pilot_action.AttachProof: Way(_STAYS),
    pilot_action.PutForwardVersion: Way(
        "Another version can be put forward; where it differs, the partners confirm again.",
        pilot_action.PutForwardVersion,
        "applications_close",
    ),
    pilot_action.ConfirmParticipation: Way(_VERSION),
    pilot_action.DeclineParticipation: Way(
        "The same version can still be confirmed.", pilot_action.ConfirmParticipation, "applications_close"
    ),
    pilot_action.RecordLetter: Way(_WAITS),
    pilot_action.VerifyLetter: Way(_VERSION),
    pilot_action.ChooseApplication: Way("Choose another of your applications: the later choice counts."),
    pilot_action.SubmitApplication: Way(
        "It can be withdrawn, and submitted again.", pilot_action.WithdrawApplication, "applications_close"
    ),
    pilot_action.WithdrawApplication: Way(
        "It can be submitted again.", pilot_action.SubmitApplication, "applications_close"
    ),
    pilot_action.AskClarification: Way(_ONCE),
    pilot_action.AnswerClarification: Way(_ONCE),
    pilot_action.TakeOutApplication: Way("It cannot be taken back: the application is out of the competition."),
    pilot_action.ProposeRemoval: Way(_WAITS),
    pilot_action.ConfirmRemoval: Way("It cannot be taken back: the application is out of the competition."),
    pilot_action.RequestAccess: Way(_WAITS),
    pilot_action.AllowAccess: Way("It ends by itself after the hours that were asked for."),
    evaluation.AssignEvaluator: Way(_LEAVES, evaluation.WithdrawEvaluator),
    evaluation.ReplaceEvaluator: Way(_LEAVES, evaluation.WithdrawEvaluator),
    evaluation.DeclareNoConflict: Way(
        "A conflict of interest that is found later can be declared; what was scored no longer counts.",
        evaluation.DeclareConflict,
    ),
    evaluation.DeclareConflict: Way("It cannot be taken back: who left an evaluation does not come back to it."),
    evaluation.WithdrawEvaluator: Way("It cannot be taken back: who left an evaluation does not come back to it."),
    evaluation.ProposeFewerEvaluators: Way(_WAITS),
    evaluation.ConfirmFewerEvaluators: Way(_ONCE),
    evaluation.RecordAllegation: Way(
        "An officer of the secretariat answers it with reasons; where it is not upheld, all stays as it was.",
        evaluation.DecideAllegation,
    ),
    evaluation.DecideAllegation: Way(_ONCE),
    evaluation.GiveScores: Way("It cannot be taken back: scores are given once, so that nobody can ask for others."),
    evaluation.ProposeConsensus: Way(_ANEW, evaluation.ProposeConsensus),
    evaluation.AgreeConsensus: Way(
        "Another proposal asks everybody again, as long as not all have agreed.", evaluation.ProposeConsensus
    ),
    grant.AcceptGrant: Way(_ONCE),
    grant.DeclineGrant: Way("It cannot be taken back: what is declined goes to the next in rank."),
    grant.OrderResource: Way(
        "It can be cancelled until it is delivered; its value is then free again.", grant.CancelOrder
    ),
    grant.CancelOrder: Way("The same can be ordered again, as a new order.", grant.OrderResource),
    grant.RecordDelivery: Way(_REVERSED, grant.ProposeReversal),
    grant.RecordInvoice: Way(_REVERSED, grant.ProposeReversal),
    grant.AcknowledgeDelivery: Way(_REVERSED, grant.ProposeReversal),
    grant.RefuseDelivery: Way("It can be delivered anew, which the city then answers.", grant.RecordDelivery),
    grant.CertifyDelivery: Way(_REVERSED, grant.ProposeReversal),
    grant.ProposeReversal: Way("A certifier can leave the delivery as it is.", grant.DismissReversal),
    grant.ConfirmReversal: Way("The delivery can be recorded anew.", grant.RecordDelivery),
    grant.DismissReversal: Way("The reversal can be proposed again.", grant.ProposeReversal),
    grant.AttachEvidence: Way(_STAYS),
    grant.AttachToReport: Way(_STAYS),
    grant.FileFinalReport: Way("It cannot be taken back. Documents can still be attached to it."),
    working_paper.OpenWorkingPaper: Way("It cannot be taken back. It can be closed with a conclusion."),
    working_paper.WriteNote: Way("It cannot be taken back. Another note can correct it."),
    working_paper.IssueFinding: Way(
        "It cannot be taken back. Once the secretariat was heard, an auditor can find that nothing is to be done."
    ),
    working_paper.AnswerFinding: Way(_ONCE),
    working_paper.FollowUpFinding: Way(
        "Follow it up again: the later one counts, and the earlier one stays beside it."
    ),
    working_paper.CloseWorkingPaper: Way("It cannot be taken back. Another paper can be opened about the same."),
}
"""Every request that people can make; a test shows that none is missing, and that each way leads back."""
