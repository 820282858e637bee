"""Who may see and do what, by how somebody stands to a thing and by stage: written by hand, and not from the tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from domain.account import commands as account
from domain.call import commands as call
from domain.evaluation import commands as evaluation
from domain.grant import commands as grant
from domain.ids import grant_id
from domain.messages import Command
from domain.organisation import commands as organisation
from domain.partnership import commands as partnership
from domain.people import Role, Strand
from domain.pilot_action import commands as pilot_action
from domain.working_paper import commands as working_paper
from fund_service.permissions.views import View
from tests.fund_service.small_fund import CALL_ID, LINE, Applicant, action_of, id_of, partnership_of
from tests.fund_service.staged_fund import DUBLIN, TURIN, Stage
from tests.given import ask

HEAD, DESK, OTHER_DESK = "secretariat of all", "secretariat of its strand", "secretariat of the other strand"
LEAD, PARTNER, OTHERS = "its coordinator", "its partner", "another city"
COMMITTEE, OTHER_JUDGE = "its committee", "another evaluator"
COACH, OTHER_COACH = "its coach", "another coach"
BUYER, OTHER_BUYER = "buyer of its strand", "buyer of the other strand"
APPROVER, CERTIFIER, AUDITOR = "approver", "certifier", "auditor"

DESKS: Final = {HEAD, DESK}
OFFICE: Final = {HEAD, DESK, OTHER_DESK}
MEMBERS: Final = {LEAD, PARTNER}

STANDING: Final[Mapping[str, tuple[str, str]]] = {
    "Secretariat 1": (HEAD, HEAD),
    "Secretariat LAC": (OTHER_DESK, DESK),
    "Officer of Turin": (LEAD, OTHERS),
    "Officer of Nagoya": (PARTNER, OTHERS),
    "Officer of Dublin": (OTHERS, LEAD),
    "Evaluator 1": (COMMITTEE, COMMITTEE),
    "Evaluator 4": (OTHER_JUDGE, OTHER_JUDGE),
    "Coach 1": (COACH, OTHER_COACH),
    "Resource manager 1": (BUYER, OTHER_BUYER),
    "Approver 1": (APPROVER, APPROVER),
    "Certifier 1": (CERTIFIER, CERTIFIER),
    "Auditor 1": (AUDITOR, AUDITOR),
}
"""How everybody stands to Turin, in the strand AA, and to Dublin, in the strand LAC."""
THINGS: Final = (TURIN, DUBLIN)

Since = Mapping[Stage, set[str]]
_ACTION: Final[Since] = {
    Stage.OPEN: DESKS | MEMBERS | {COACH},
    Stage.CLOSED: {BUYER, APPROVER, CERTIFIER, AUDITOR},
    Stage.EVALUATED: {COMMITTEE},
}
_EVALUATION: Final[Since] = {Stage.OPEN: DESKS | {AUDITOR}, Stage.EVALUATED: {COMMITTEE, APPROVER}}
SEES: Final[Mapping[View, Since]] = {
    View.PARTNERSHIP: {Stage.OPEN: DESKS | MEMBERS | {COACH, BUYER, APPROVER, CERTIFIER, AUDITOR}},
    View.ROADMAP: {Stage.OPEN: DESKS | MEMBERS | {COACH, AUDITOR}},
    View.PILOT_ACTION: _ACTION,
    View.DRAFT: {Stage.OPEN: MEMBERS},
    View.APPLICATION: {
        Stage.OPEN: MEMBERS,
        Stage.CLOSED: DESKS | {APPROVER, AUDITOR},
        Stage.EVALUATED: {COMMITTEE},
    },
    View.PROOF: {Stage.OPEN: DESKS | MEMBERS, Stage.CLOSED: {APPROVER, AUDITOR}},
    View.DOSSIER: {Stage.OPEN: MEMBERS},
    View.APPLICANTS: _ACTION,
    View.EVALUATION: _EVALUATION,
    View.EVALUATORS: _EVALUATION,
    View.COMMENTS: {Stage.OPEN: DESKS | {AUDITOR}, Stage.EVALUATED: {APPROVER}, Stage.RELEASED: MEMBERS},
    View.PROCEDURE: {Stage.OPEN: DESKS, Stage.CLOSED: {BUYER, APPROVER, CERTIFIER, AUDITOR}},
    View.GRANT: {Stage.RELEASED: DESKS | MEMBERS | {BUYER, APPROVER, CERTIFIER, AUDITOR}},
    View.RANKING: {Stage.OPEN: OFFICE | {APPROVER, AUDITOR}},
    View.DASHBOARD: {
        Stage.OPEN: OFFICE,
        Stage.CLOSED: {COACH, OTHER_COACH, BUYER, OTHER_BUYER, APPROVER, CERTIFIER, AUDITOR},
    },
    View.DESK: {Stage.OPEN: OFFICE, Stage.CLOSED: {AUDITOR}},
    View.QUESTIONS: {Stage.OPEN: OFFICE | {AUDITOR}},
    View.AUDIT: {Stage.OPEN: {AUDITOR}},
    View.TABLES: {Stage.CLOSED: {AUDITOR}},
    View.BUNDLE: {Stage.CLOSED: {AUDITOR}},
    View.FINDINGS: {Stage.OPEN: OFFICE | {AUDITOR}},
    View.PAPER: {Stage.OPEN: {AUDITOR}},
    View.MESSAGES: {Stage.OPEN: DESKS, Stage.CLOSED: {AUDITOR}},
    View.ACCOUNT: {Stage.OPEN: OFFICE | {LEAD, AUDITOR}},
    View.PERSON: {Stage.OPEN: OFFICE | {LEAD, AUDITOR}},
    View.REFUSALS: {Stage.OPEN: OFFICE | {AUDITOR}},
}
"""Since which stage who sees what of a thing; an account is that of the coordinator's officer."""

_DOES: Final[Sequence[tuple[set[str], Sequence[type[Command]]]]] = (
    (
        OFFICE,
        (
            account.OpenAccount,
            account.MarkSharedMailbox,
            call.AnswerQuestion,
            call.AnswerPrivately,
            call.DeclineQuestion,
            organisation.RegisterOrganisation,
            organisation.StatePopulation,
            organisation.LinkOrganisations,
            working_paper.AnswerFinding,
        ),
    ),
    (
        {AUDITOR},
        (
            working_paper.OpenWorkingPaper,
            working_paper.WriteNote,
            working_paper.IssueFinding,
            working_paper.FollowUpFinding,
            working_paper.CloseWorkingPaper,
        ),
    ),
    (
        {HEAD},
        (
            account.ConfirmRole,  # of a role for all strands
            account.RevokeRole,
            account.ConfirmDeputy,
            account.RecordClusterLead,
            account.AcceptAuthority,
            account.ConfirmAuthority,
            account.DeclineAuthority,
            account.HoldErasure,
            account.LiftHold,
            account.DecideErasure,
            call.PublishCall,
            call.ProposeCorrection,
            call.ConfirmCorrection,
            call.ProposeAwardList,
            call.ProposeCancellation,
            call.CancelCall,
        ),
    ),
    (
        DESKS,
        (
            account.GrantRole,  # for the thing's own strand
            organisation.AdmitOrganisation,
            partnership.FormPartnership,
            partnership.AssignCoach,
            partnership.RecordDeparture,
            partnership.MergePartnerships,
            pilot_action.NameExpert,
            pilot_action.RequestAccess,
            pilot_action.AllowAccess,
            pilot_action.AttachProof,
            pilot_action.RecordLetter,
            pilot_action.VerifyLetter,
            pilot_action.TakeOutApplication,
            pilot_action.ProposeRemoval,
            pilot_action.ConfirmRemoval,
            pilot_action.AskClarification,
            evaluation.AssignEvaluator,
            evaluation.ReplaceEvaluator,
            evaluation.ProposeFewerEvaluators,
            evaluation.ConfirmFewerEvaluators,
            evaluation.RecordAllegation,
            evaluation.DecideAllegation,
        ),
    ),
    ({HEAD, LEAD}, (account.NameDeputy, account.EndDeputy)),  # LEAD, who is represented
    (
        {APPROVER},
        (
            call.ReturnAwardList,
            call.ApproveAwardList,
        ),
    ),
    (
        MEMBERS | {OTHERS},
        (call.AskQuestion,),
    ),
    (
        {LEAD},
        (
            account.InviteOfficer,
            account.ClaimAuthority,  # for oneself
            partnership.ConfirmMembership,  # for the coordinator
            partnership.DraftRoadmap,
            partnership.AgreeRoadmap,
            partnership.DeclineCoaching,
            partnership.RequestCoaching,
            partnership.RecordMemorandum,
            pilot_action.ProposePilotAction,
            pilot_action.SaveDraftSection,
            pilot_action.AttachFile,
            pilot_action.DetachFile,
            pilot_action.PutForwardVersion,
            pilot_action.ConfirmParticipation,
            pilot_action.DeclineParticipation,
            pilot_action.ChooseApplication,
            pilot_action.SubmitApplication,
            pilot_action.WithdrawApplication,
            pilot_action.AnswerClarification,
            grant.AcceptGrant,
            grant.DeclineGrant,
            grant.AcknowledgeDelivery,
            grant.RefuseDelivery,
            grant.AttachToReport,
            grant.FileFinalReport,
        ),
    ),
    (
        {COACH},
        (
            partnership.HoldCoachingSession,
            partnership.HoldGroupSession,
            partnership.RecordMissedSession,
            partnership.CompleteCoaching,
        ),
    ),
    (
        {COMMITTEE},
        (
            evaluation.DeclareNoConflict,
            evaluation.DeclareConflict,
            evaluation.WithdrawEvaluator,
            evaluation.GiveScores,
            evaluation.ProposeConsensus,
            evaluation.AgreeConsensus,
        ),
    ),
    (
        {BUYER},
        (
            grant.OrderResource,
            grant.CancelOrder,
            grant.AttachEvidence,
            grant.RecordDelivery,
            grant.RecordInvoice,
            grant.ProposeReversal,
        ),
    ),
    (
        {CERTIFIER},
        (
            grant.CertifyDelivery,
            grant.ConfirmReversal,
            grant.DismissReversal,
        ),
    ),
)
DOES: Final = {command: who for who, commands in _DOES for command in commands}
"""Who may ask for what, about a thing that is there: everybody who is not named here may not."""


def who_sees(view: View, stage: Stage) -> set[str]:
    """Return how one must stand to a thing to see this of it at a stage."""
    reached = list(Stage)[: list(Stage).index(stage) + 1]
    return set().union(*(SEES[view].get(one, set()) for one in reached))


def who_may(command: type[Command], one: Applicant, stage: Stage) -> set[str]:
    """Return how one must stand to a thing to ask for this at a stage; about what is not there nobody may."""
    stages = list(Stage)
    granted = one is TURIN and stages.index(stage) >= stages.index(Stage.RELEASED)
    if "grant_id" in command.model_fields and DOES[command] != {CERTIFIER} and not granted:
        return set()
    if DOES[command] == {COMMITTEE} and stages.index(stage) < stages.index(Stage.EVALUATED):
        return set()
    return DOES[command]


class Things(dict[str, Any]):
    """Fields of a path by their names; any other is some text."""

    def __missing__(self, name: str) -> str:
        return "1"


def things(one: Applicant) -> Things:
    """Return the ids of what belongs to an applicant."""
    action = action_of(one)
    return Things(
        partnership_id=partnership_of(one),
        pilot_action_id=action,
        grant_id=grant_id(action),
        call_id=CALL_ID,
        subject=id_of(f"Officer of {one.city}"),
        represents=id_of(f"Officer of {one.city}"),
        organisation_id=id_of(one.city),
        coordinator_id=id_of(one.city),
        line=LINE,
        section="risks",
        rule_id="S01",
        role=Role.APPLICANT,
        evaluator=id_of("Evaluator 1"),
        expert=id_of("Evaluator 4"),
        successor=id_of("Evaluator 4"),
        coach=id_of("Coach 1"),
        geography=one.geography,
        strand=Strand.LAC if one is DUBLIN else Strand.AA,
        partnership_ids=(partnership_of(one),),
        old_ids=(partnership_of(one), partnership_of(one)),
        other_ids=(id_of(one.partner),),
        attachment_id=id_of("a file"),
        paper_id=id_of("a working paper"),
        digest="0" * 64,
        base=1,
    )


def asked(command: type[Command], one: Applicant, who: str) -> Command:
    """Return a command as somebody asks for it about what belongs to an applicant."""
    named = things(one)
    known = {name: named[name] for name in command.model_fields if name in named}
    return ask(command, **known).model_copy(update={"by": id_of(who), "key": "asked"})  # type: ignore[no-any-return]


def cells() -> Iterator[tuple[str, Applicant, str]]:
    """Yield everybody with each thing, and how that one stands to it."""
    for who, stands in STANDING.items():
        for one, how in zip(THINGS, stands, strict=True):
            yield who, one, how
