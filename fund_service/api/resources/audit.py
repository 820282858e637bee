"""What an auditor asks of a call."""

from collections.abc import Iterable
from typing import Annotated, BinaryIO
from uuid import UUID

from fastapi import Query

from domain.audit.history import History
from domain.audit.populations import PopulationOf, Stratum
from domain.audit.sampling import Method
from domain.audit.treatment import Spread, TreatmentRow, spread
from domain.call.aggregate import CALL, Window
from domain.errors import Malformed, NotFound
from fund_service.api.asking import Asking
from fund_service.api.downloading import ZIP
from fund_service.api.reading import Routes
from fund_service.audit.checkpoints import kept_key
from fund_service.audit.exceptions import ExceptionRow, QuestionAbout, exception_rows, question_rows
from fund_service.audit.exporting import Besides, export, tell_taking
from fund_service.audit.reading import history_of
from fund_service.audit.sample_dossier import dossier
from fund_service.audit.samples import SampledRow, SampleWanted, items_of, sampled
from fund_service.audit.tables.files import TableForm, as_zip, assert_can_write
from fund_service.audit.tables.tables import tables_of
from fund_service.audit.totals import TotalRow, screens_position, totals
from fund_service.audit.treatment import treatment_rows
from fund_service.permissions.past import looking_back
from fund_service.permissions.views import View

Of = Annotated[PopulationOf, Query(description="What is sampled.")]
By = Annotated[Method, Query(description="How the sample is drawn.")]
Size = Annotated[int | None, Query(description="How many are drawn; by monetary units, how many cents are chosen.")]
Seed = Annotated[
    str | None, Query(max_length=200, description="What the draw follows from; publish it before you draw.")
]
Strata = Annotated[Stratum, Query(description="By what a stratified sample is divided.")]
AsOf = Annotated[int | None, Query(ge=1, description="The position of the log as of which the population is taken.")]


WithFiles = Annotated[bool, Query(description="The attached files too, but of those whose data were erased.")]
WithNames = Annotated[bool, Query(description="The names behind the ids too, but of those whose data were erased.")]
Format = Annotated[TableForm, Query(alias="format", description="As what the tables are written.")]


def audited(asking: Asking, call_id: UUID, at: int | None = None) -> History:
    """Return what happened in a call as of a position, the asked one's where none is named, as far as an auditor may
    know: before closing nothing tells how many applications there are (D27). Raises NotFound, Malformed.
    """
    call = asking.world.get(CALL, call_id)
    if at is not None and at > asking.position:
        raise Malformed(f"The log has no position {at} yet.", f"Name at most {asking.position}.")
    told = history_of(asking.context.parts.log, call_id, at or asking.position)
    return told if call.applications is Window.CLOSED or call.cancelled else told.without_applications()


def control_totals(asking: Asking, call_id: UUID) -> list[TotalRow]:
    """Return the control totals as of the position of the screens; before closing none, since they count applications
    (D27). Raises NotFound.
    """
    call = asking.world.get(CALL, call_id)
    if call.applications is not Window.CLOSED and not call.cancelled:
        return []
    return totals(history_of(asking.context.parts.log, call_id, _shown(asking)), asking.connection)


def _shown(asking: Asking) -> int:
    """Return the position of the log that the screens show."""
    return screens_position(asking.connection) if asking.moment is None else asking.position


def audit_routes(routes: Routes) -> None:
    """Enter the routes."""

    @routes.listing("/calls/{call_id}/audit/questions", QuestionAbout, View.AUDIT, name="listAuditQuestions")
    def questions(asking: Asking, call_id: UUID) -> Iterable[QuestionAbout]:
        """List the questions of the exceptions report, each with what it looks for and how much it found."""
        return question_rows(list(exception_rows(audited(asking, call_id), asking.connection)))

    @routes.listing("/calls/{call_id}/audit/exceptions", ExceptionRow, View.AUDIT, name="listAuditExceptions")
    def exceptions(asking: Asking, call_id: UUID) -> Iterable[ExceptionRow]:
        """List what is worth a look in a call, each with its events by position; before closing without applications.

        None of it is an accusation: each question says in plain words what it looks for.
        """
        return exception_rows(audited(asking, call_id), asking.connection)

    @routes.listing("/calls/{call_id}/audit/equal-treatment", TreatmentRow, View.AUDIT, name="listEqualTreatment")
    def treated(asking: Asking, call_id: UUID) -> Iterable[TreatmentRow]:
        """List what each applicant was given and waited for, beside its outcome; each figure with its events."""
        return treatment_rows(audited(asking, call_id))

    @routes.listing("/calls/{call_id}/audit/equal-treatment/spread", Spread, View.AUDIT, name="listTreatmentSpread")
    def spread_of(asking: Asking, call_id: UUID) -> Iterable[Spread]:
        """List how each figure of equal treatment is spread over the applicants of each outcome."""
        return spread(list(treatment_rows(audited(asking, call_id))))

    @routes.listing("/calls/{call_id}/audit/totals", TotalRow, View.AUDIT, name="listControlTotals")
    def totals_of(asking: Asking, call_id: UUID) -> Iterable[TotalRow]:
        """List the control totals of log, ledger and screens, and each grant with a difference; none before closing."""
        return control_totals(asking, call_id)

    @routes.document("/calls/{call_id}/audit/tables", View.TABLES, ZIP, name="downloadTables")
    def tables(asking: Asking, call_id: UUID, form: Format = TableForm.CSV) -> tuple[str, bytes]:
        """Download every event, every read model, control totals and exceptions of a call as tables, in one ZIP.

        After closing alone. No name of a person, no sealed text and nothing of other calls is in it. Parquet and DuckDB
        are given where the extra `analysis` is installed.
        """
        assert_can_write(form)
        parts, at = asking.context.parts, _shown(asking)
        with tables_of(parts, asking.connection, at, call_id, lambda done, doing: None) as found:
            return f"tables-{at}.{form}.zip", as_zip(found, form)

    @routes.archive("/calls/{call_id}/bundle", View.BUNDLE, name="downloadBundle")
    def bundle(
        asking: Asking, target: BinaryIO, call_id: UUID, with_files: WithFiles = False, with_names: WithNames = False
    ) -> tuple[str, str]:
        """Download the history of a call with its proof as one ZIP file, which anybody can verify offline.

        It holds every record that is not another call's, byte for byte, of the others the hash, and the verifier; the
        log is signed first, so that it is of now. Texts and names are encrypted in it; with files or names it holds
        personal data, and that it was taken is told where it stands what auditors read. It is given after closing, for
        it tells how many applications there are (D27). It takes about five seconds for 10,000 records; of a
        history too long to be answered in two minutes `fund audit export` writes the same bytes on the machine.
        """
        parts, besides = asking.context.parts, Besides(with_files, with_names)
        written = export(parts, call_id, target, kept_key(parts), besides)
        if any(besides):
            tell_taking(asking.by, call_id, besides)
        return f"call-{str(call_id)[:8]}-{written.position}.zip", written.digest

    @routes.listing("/calls/{call_id}/audit/sample", SampledRow, View.AUDIT, name="drawSample")
    def sample(
        asking: Asking,
        call_id: UUID,
        size: Size = None,
        seed: Seed = None,
        of: Of = PopulationOf.APPLICATIONS,
        method: By = Method.RANDOM,
        divided_by: Strata = Stratum.OUTCOME,
        at: AsOf = None,
    ) -> Iterable[SampledRow]:
        """Draw a sample: the same population, method, size, seed and position give the same one for ever.

        Without a size and a seed none is drawn. How each method draws stands on the page of the sample, and in the
        documentation of `domain/audit/sampling.py`.
        """
        if size is None and seed is None:
            return []
        told = audited(asking, call_id, at)
        wanted = SampleWanted(of=of, method=method, size=size or 0, seed=seed or "", by=divided_by)
        return list(sampled(told, items_of(told, of, asking.connection), wanted, asking.connection))

    @routes.document("/calls/{call_id}/audit/sample/dossier", View.AUDIT, ZIP, name="downloadSampleDossier")
    def sample_dossier(
        asking: Asking,
        call_id: UUID,
        size: Size = None,
        seed: Seed = None,
        of: Of = PopulationOf.APPLICATIONS,
        method: By = Method.RANDOM,
        divided_by: Strata = Stratum.OUTCOME,
        at: AsOf = None,
    ) -> tuple[str, bytes]:
        """Download the dossier of a sample as ZIP: of each item its events in words, its records and its files.

        The same sample as of the same position gives the same bytes. It is a plain ZIP, with nothing packed.
        """
        if size is None or seed is None:
            raise NotFound("No sample is named.", "Say its size and its seed, as for the sample itself.")
        told, parts = audited(asking, call_id, at), asking.context.parts
        then = parts.moment(str(told.at), None)
        assert then is not None
        wanted = SampleWanted(of=of, method=method, size=size, seed=seed, by=divided_by)
        reader = looking_back(asking.actor, asking.world)
        return f"dossier as of {told.at}.zip", dossier(parts.as_of(then), told, wanted, reader)
