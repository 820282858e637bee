"""What an auditor asks of a call: control totals, what is worth a look, equal treatment, samples, events."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query

from domain.audit.populations import PopulationOf, Stratum
from domain.audit.sampling import Method
from domain.audit.treatment import MEASURES, TreatmentRow, spread
from domain.errors import Malformed
from fund_service.api.asking import Asking
from fund_service.api.resources.audit import audited, control_totals
from fund_service.api.resources.calls import published_call
from fund_service.api.resources.log import last_checkpoint
from fund_service.audit.events import events_at
from fund_service.audit.exceptions import ExceptionRow, exception_rows, question_rows
from fund_service.audit.readme import verifying
from fund_service.audit.samples import SampledRow, SampleWanted, basis, items_of, sampled
from fund_service.audit.tables.files import forms_here
from fund_service.audit.treatment import treatment_rows
from fund_service.permissions.views import View
from fund_service.web.lists import Listed, shown
from fund_service.web.pages import Pages

FIRST: Final = "coached_minutes"
"""The figure of equal treatment that is shown where none is asked for."""


def audit_pages(pages: Pages) -> None:
    """Enter the pages. `question` is the one whose findings are shown; without it those of all. `measure` is a figure
    of equal treatment; of a sample `size` and `seed` draw it, as of the position `at`.
    """

    @pages.page("/calls/{call_id}/audit", "audit.html", View.AUDIT)
    def hub(asking: Asking, call_id: UUID) -> Mapping[str, Any]:
        rows = list(exception_rows(audited(asking, call_id), asking.connection))
        return {
            **_of_call(asking, call_id),
            "calls": asking.calls,
            "questions": list(question_rows(rows)),
            "totals": control_totals(asking, call_id),
            "forms": forms_here() if asking.sees(View.TABLES, call_id) else (),
            "may_take": asking.moment is None and asking.sees(View.BUNDLE, call_id),
            "key": next(reversed(last_checkpoint(asking).keys), None),
            "verifying": verifying,
        }

    @pages.page("/calls/{call_id}/audit/exceptions", "audit_exceptions.html", View.AUDIT)
    def exceptions(
        asking: Asking, call_id: UUID, wanted: Listed, question: Annotated[str, Query(max_length=40)] = ""
    ) -> Mapping[str, Any]:
        rows = list(exception_rows(audited(asking, call_id), asking.connection))
        questions = list(question_rows(rows))
        sought = [row for row in rows if question in ("", row.question)]
        return {
            **_of_call(asking, call_id),
            "questions": questions,
            "only": next((one for one in questions if one.id == question), None),
            "list": shown(asking, sought, ExceptionRow, None, wanted),
            "all": len(rows),
        }

    @pages.page("/calls/{call_id}/audit/equal-treatment", "audit_treatment.html", View.AUDIT)
    def treated(
        asking: Asking, call_id: UUID, wanted: Listed, measure: Annotated[str, Query(max_length=40)] = FIRST
    ) -> Mapping[str, Any]:
        rows, chosen = list(treatment_rows(audited(asking, call_id))), measure if measure in MEASURES else FIRST
        return {
            **_of_call(asking, call_id),
            "measures": MEASURES,
            "measure": chosen,
            "spread": [one for one in spread(rows) if one.measure == chosen],
            "list": shown(asking, rows, TreatmentRow, None, wanted),
        }

    @pages.page("/calls/{call_id}/audit/sample", "audit_sample.html", View.AUDIT)
    def sample(
        asking: Asking,
        call_id: UUID,
        wanted: Listed,
        of: PopulationOf = PopulationOf.APPLICATIONS,
        method: Method = Method.RANDOM,
        divided_by: Stratum = Stratum.OUTCOME,
        size: Annotated[str, Query(max_length=10)] = "",
        seed: Annotated[str, Query(max_length=200)] = "",
        at: Annotated[int | None, Query(ge=1)] = None,
    ) -> Mapping[str, Any]:
        told = audited(asking, call_id, at)
        items = items_of(told, of, asking.connection)
        found: dict[str, Any] = {"drawn": None, "basis": None, "mistake": None}
        if size or seed:
            try:
                draws = SampleWanted(of=of, method=method, size=_number(size), seed=seed, by=divided_by)
                rows = list(sampled(told, items, draws, asking.connection))
                found |= {"drawn": shown(asking, rows, SampledRow, None, wanted), "basis": basis(told, items, draws)}
            except Malformed as mistake:
                found["mistake"] = mistake
        return {
            **_of_call(asking, call_id),
            **found,
            "asked": {"of": of, "method": method, "by": divided_by, "seed": seed, "size": size},
            "populations": list(PopulationOf),
            "methods": list(Method),
            "strata": list(Stratum),
            "count": len(items),
        }

    @pages.page("/calls/{call_id}/audit/events", "audit_events.html", View.AUDIT)
    def events(asking: Asking, call_id: UUID, at: Annotated[str, Query(max_length=8000)] = "") -> Mapping[str, Any]:
        rows = list(events_at(audited(asking, call_id), _positions(at), asking.connection))
        return {**_of_call(asking, call_id), "rows": rows}


def _of_call(asking: Asking, call_id: UUID) -> Mapping[str, Any]:
    return {"call": published_call(asking, call_id)[0], "position": asking.position}


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise Malformed(f"“{text}” is no number of items.", "Write how many are drawn, in digits.")
    return int(text)


def _positions(text: str) -> set[int]:
    """Return positions of the log that stand with commas between them. Raises Malformed."""
    pieces = text.split(",") if text else []
    if not all(re.fullmatch("[0-9]{1,18}", piece) for piece in pieces):
        raise Malformed("These are no positions of the log.", "Write their numbers with commas between them.")
    return {int(piece) for piece in pieces}
