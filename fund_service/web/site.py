"""All pages under one roof, beside the API of the same service."""

from typing import Final

from fastapi import APIRouter

from fund_service.api.context import Context
from fund_service.web.assets import asset_routes
from fund_service.web.doing import deed_pages
from fund_service.web.live import live_page
from fund_service.web.pages import Pages
from fund_service.web.screens.application import application_page
from fund_service.web.screens.application_copy import application_copy_page
from fund_service.web.screens.applications import application_pages
from fund_service.web.screens.assigning import assigning_page
from fund_service.web.screens.audit import audit_pages
from fund_service.web.screens.calibration import calibration_page
from fund_service.web.screens.call import call_page
from fund_service.web.screens.call_correction import call_correction_page
from fund_service.web.screens.call_editor import call_editor_page
from fund_service.web.screens.changes import changes_page
from fund_service.web.screens.dashboard import dashboard_page
from fund_service.web.screens.demonstration import demonstration_pages
from fund_service.web.screens.desk import desk_page
from fund_service.web.screens.evaluation import evaluation_page
from fund_service.web.screens.explanations import explanation_pages
from fund_service.web.screens.form import form_pages
from fund_service.web.screens.grants import grant_pages
from fund_service.web.screens.handover import handover_page
from fund_service.web.screens.home import home_page
from fund_service.web.screens.invitation import invitation_page
from fund_service.web.screens.language import language_choice
from fund_service.web.screens.map import map_page
from fund_service.web.screens.messages import message_pages
from fund_service.web.screens.notices import notice_pages
from fund_service.web.screens.partnership import partnership_page
from fund_service.web.screens.people import people_pages
from fund_service.web.screens.private_notes import private_note_form
from fund_service.web.screens.proof import proof_page
from fund_service.web.screens.questions import questions_page
from fund_service.web.screens.ranking import ranking_page
from fund_service.web.screens.results import results_page
from fund_service.web.screens.rules import rules_page
from fund_service.web.screens.search import search_page
from fund_service.web.screens.self_check import self_check_page
from fund_service.web.screens.signing_in import signing_in_pages
from fund_service.web.screens.timeline import timeline_page
from fund_service.web.screens.versions import version_pages
from fund_service.web.screens.views import saved_view_forms
from fund_service.web.screens.working_papers import working_paper_pages
from fund_service.web.screens.worklists import worklist_pages
from fund_service.web.together import together_pages

SCREENS: Final = (
    call_page,
    self_check_page,
    form_pages,
    results_page,
    proof_page,
    map_page,
    notice_pages,
    questions_page,
    rules_page,
    signing_in_pages,
    invitation_page,
    language_choice,
    home_page,
    handover_page,
    search_page,
    partnership_page,
    application_page,
    version_pages,
    timeline_page,
    changes_page,
    dashboard_page,
    application_pages,
    ranking_page,
    desk_page,
    audit_pages,
    working_paper_pages,
    assigning_page,
    call_editor_page,
    call_correction_page,
    saved_view_forms,
    private_note_form,
    grant_pages,
    explanation_pages,
    worklist_pages,
    calibration_page,
    people_pages,
    message_pages,
    demonstration_pages,
    evaluation_page,
    application_copy_page,
)


def page_routes(router: APIRouter, context: Context) -> None:
    """Enter every page, and what pages load."""
    asset_routes(router)
    for enter in (*SCREENS, deed_pages, together_pages, live_page):
        enter(Pages(router, context))
