"""Every read model that a projector follows."""

from typing import Final

from projections.applicant_home import ApplicantHome
from projections.call_desk import CallDesk
from projections.call_questions import CallQuestions
from projections.call_ranking import CallRanking
from projections.coach_worklist import CoachWorklist
from projections.evaluator_worklist import EvaluatorWorklist
from projections.fund_dashboard import FundDashboard
from projections.messages import Messages
from projections.read_model import ReadModel
from projections.registry import Registry
from projections.timeline import Timeline
from projections.working_papers import WorkingPapers

SCREENS: Final[tuple[type[ReadModel], ...]] = (
    Timeline,
    ApplicantHome,
    CallRanking,
    CallDesk,
    CallQuestions,
    CoachWorklist,
    EvaluatorWorklist,
    FundDashboard,
    Messages,
    Registry,
    WorkingPapers,
)
"""All read models, each followed on its own."""
