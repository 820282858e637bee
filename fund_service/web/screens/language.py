"""Choosing the language: the page that one is on comes again in it, at the same address."""

from collections.abc import Mapping

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from domain.errors import Malformed
from fund_service.web.forms import borne_by_form, fields_of, own_page
from fund_service.web.languages import keep, known
from fund_service.web.pages import Pages


def language_choice(pages: Pages) -> None:
    """Enter what the form in the foot of every page sends."""

    def choose(request: Request, fields: Mapping[str, str]) -> Response:
        borne_by_form(request, fields).check_site()
        chosen = known(fields.get("to"))
        if chosen is None:
            raise Malformed("There are no pages in this language.", "Choose one of those in the foot of the page.")
        answer = RedirectResponse(own_page(request.query_params.get("next", "")), 303)
        keep(answer, chosen)
        return answer

    @pages.router.post("/language", include_in_schema=False)
    async def chosen(request: Request) -> Response:
        return await run_in_threadpool(choose, request, await fields_of(request))
