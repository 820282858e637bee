"""The deeds that a matter of the desk waits for: whose, in words, the calendar's point by which, the request, the rule.

A request is the name of its command; where several do the deed, the most usual one.
"""

from collections.abc import Mapping
from typing import Final

from projections.waiting import Deed, Party

_APPLICANT, _PARTNER, _COACH, _EVALUATOR, _AUTHORITY = Party

CONFIRM_MEMBERSHIP: Final = Deed(_PARTNER, "confirm that it takes part", None, "ConfirmMembership", "S07")
WRITE_ROADMAP: Final = Deed(_APPLICANT, "write the roadmap", None, "DraftRoadmap", "S12")
AGREE_ROADMAP: Final = Deed(_PARTNER, "agree to the roadmap", None, "AgreeRoadmap", "D26")
ASSIGN_COACH: Final = Deed(_AUTHORITY, "assign a coach", "coaching_closes", "AssignCoach", "S13")
COACH: Final = Deed(_COACH, "finish the coaching", "coaching_closes", "CompleteCoaching", "D24")
APPLY: Final = Deed(_APPLICANT, "submit the application", "applications_close", "SubmitApplication", "D07")
CONFIRM_PART: Final = Deed(
    _PARTNER, "confirm its part in the application", "applications_close", "ConfirmParticipation", "D10"
)
VERIFY_LETTER: Final = Deed(_AUTHORITY, "verify a scanned letter", "applications_close", "VerifyLetter", "D10")
CLEAR_UP: Final = Deed(_APPLICANT, "answer the question about a clerical error", None, "AnswerClarification", "E09")
ALLOW_ACCESS: Final = Deed(_AUTHORITY, "decide on seeing a draft by exception", None, "AllowAccess", "D18")
CONFIRM_REMOVAL: Final = Deed(_AUTHORITY, "confirm that the application is taken out", None, "ConfirmRemoval", "D18")
ASSIGN_EVALUATORS: Final = Deed(_AUTHORITY, "assign the evaluators", "scores_due", "AssignEvaluator", "D02")
CONFIRM_FEWER: Final = Deed(_AUTHORITY, "confirm fewer evaluators", "scores_due", "ConfirmFewerEvaluators", "D18")
REPLACE: Final = Deed(_AUTHORITY, "replace an evaluator who is late", None, "ReplaceEvaluator", "D25")
DECLARE: Final = Deed(_EVALUATOR, "declare interests", "scores_due", "DeclareNoConflict", "D06")
SCORE: Final = Deed(_EVALUATOR, "send the scores", "scores_due", "GiveScores", "D01")
ANSWER_ALLEGATION: Final = Deed(
    _AUTHORITY, "answer an alleged conflict of interest", "scores_due", "DecideAllegation", "E10"
)
FIND_CONSENSUS: Final = Deed(_EVALUATOR, "find a consensus", "consensus_due", "AgreeConsensus", "D02")
RANK: Final = Deed(_AUTHORITY, "rank, list and release", "outcomes_released")
ANSWER: Final = Deed(_APPLICANT, "answer the offer", None, "AcceptGrant", "D11")
ANSWER_PART: Final = Deed(_APPLICANT, "answer the offer of a part", None, "AcceptGrant", "D11")
DELIVER: Final = Deed(_AUTHORITY, "order and deliver", "implementation_ends", "OrderResource", "D12")
RECORD: Final = Deed(_AUTHORITY, "record a delivery", "implementation_ends", "RecordDelivery", "D12")
ACKNOWLEDGE: Final = Deed(_APPLICANT, "acknowledge a delivery", None, "AcknowledgeDelivery", "D12")
CERTIFY: Final = Deed(_AUTHORITY, "certify a delivery", None, "CertifyDelivery", "D12")
DECIDE_REVERSAL: Final = Deed(_AUTHORITY, "decide on reversing a delivery", None, "ConfirmReversal", "D18")
REPORT: Final = Deed(_APPLICANT, "file the final report", "final_report_due", "FileFinalReport", "D25")
PROPOSE_LIST: Final = Deed(_AUTHORITY, "propose the award list", "approval_due", "ProposeAwardList", "D05")
APPROVE_LIST: Final = Deed(
    _AUTHORITY, "approve the award list or send it back", "approval_due", "ApproveAwardList", "D05"
)
CONFIRM_CORRECTION: Final = Deed(_AUTHORITY, "confirm a correction of the call", None, "ConfirmCorrection", "D21")
ANSWER_QUESTION: Final = Deed(_AUTHORITY, "answer a question about the call", None, "AnswerQuestion", "D29")
CANCEL: Final = Deed(_AUTHORITY, "confirm that the call is cancelled", None, "CancelCall", "D18")

DEEDS: Final[Mapping[str, Deed]] = {deed.words: deed for deed in tuple(globals().values()) if isinstance(deed, Deed)}
"""Every deed, by its words."""
