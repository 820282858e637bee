"""The deeds with a form of their own; all others get the boxes that their command's fields ask for."""

from collections.abc import Mapping
from typing import Final

from domain.call.commands import ApproveAwardList, ConfirmCorrection, ProposeAwardList, ReturnAwardList
from domain.evaluation.commands import AgreeConsensus, DeclareNoConflict, GiveScores, ProposeConsensus
from domain.messages import Command
from domain.partnership.commands import AgreeRoadmap, DraftRoadmap
from domain.pilot_action.commands import (
    AnswerClarification,
    ConfirmParticipation,
    PutForwardVersion,
    SaveDraftSection,
    SubmitApplication,
)
from fund_service.web.heard import Form
from fund_service.web.screens.award_list import award_list_form
from fund_service.web.screens.call_correction import confirming_correction_form
from fund_service.web.screens.clarifying import clarifying_form
from fund_service.web.screens.confirming import confirming_form
from fund_service.web.screens.consensus import agreement_form, proposal_form
from fund_service.web.screens.evaluation import declaration_form
from fund_service.web.screens.partnership import agreeing_form, roadmap_form
from fund_service.web.screens.scoring import scoring_form
from fund_service.web.screens.section import section_form
from fund_service.web.screens.submitting import putting_forward_form, submitting_form

_AWARDS: Final = Form("award_list.html", award_list_form, foretells=True)
FORMS: Final[Mapping[type[Command], Form]] = {
    ProposeAwardList: _AWARDS,
    ApproveAwardList: _AWARDS,
    ReturnAwardList: _AWARDS,
    ConfirmCorrection: Form("confirming_correction.html", confirming_correction_form, foretells=True),
    AnswerClarification: Form("clarifying.html", clarifying_form),
    DraftRoadmap: Form("roadmap.html", roadmap_form),
    AgreeRoadmap: Form("agreeing.html", agreeing_form),
    SaveDraftSection: Form("section.html", section_form),
    PutForwardVersion: Form("deed.html", putting_forward_form, foretells=True),
    SubmitApplication: Form("submitting.html", submitting_form),
    ConfirmParticipation: Form("confirming.html", confirming_form),
    DeclareNoConflict: Form("declaring.html", declaration_form),
    GiveScores: Form("scoring.html", scoring_form),
    ProposeConsensus: Form("consensus.html", proposal_form),
    AgreeConsensus: Form("consensus.html", agreement_form),
}
