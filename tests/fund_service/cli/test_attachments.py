"""`fund attachments`: the files of pilot actions and grants on the command line, by and for whoever may."""

import json
import shutil
from pathlib import Path

import pytest

from domain.ids import grant_id
from fund_service.settings import Settings
from tests.fund_service.attachments.contents_of_files import DOCX, PDF
from tests.fund_service.cli.conftest import Run
from tests.fund_service.small_fund import APPLICANTS, action_of

ACTION = action_of(APPLICANTS[0])
GRANT = grant_id(ACTION)


@pytest.fixture
def place(recorded: Path, tmp_path: Path) -> Path:
    """Return a small fund of the test's own, with a plan beside it."""
    own = tmp_path / "fund"
    shutil.copytree(recorded, own)
    (tmp_path / "Plan.pdf").write_bytes(PDF)
    return own


def test_a_file_is_put_listed_got_and_verified_on_the_command_line(fund: Run, place: Path, tmp_path: Path) -> None:
    where = ("--data", place)
    plan = ("attachments", "put", tmp_path / "Plan.pdf", "--of", GRANT, "--as", "Officer of Turin", *where)
    tried = fund(*plan, "--dry-run", "--json")
    assert (tried.code, json.loads(tried.out)["recorded"]) == (0, False), tried.err
    done = fund(*plan, "--key", "the plan", "--json")
    assert [event["topic"] for event in json.loads(done.out)["events"]] == ["grant.report-file-attached"]
    assert json.loads(fund(*plan, "--key", "the plan", "--json").out)["repeated"] is True
    (row,) = json.loads(fund("attachments", "list", GRANT, "--as", "Approver 1", "--json", *where).out)
    assert (row["title"], row["scan"]) == ("Plan", "not_scanned")
    got = ("attachments", "get", GRANT, row["id"][:8], "--to", tmp_path / "got.pdf", *where)
    assert fund(*got, "--as", "Officer of Dublin").code == 5
    assert fund(*got, "--as", "Officer of Nagoya").code == 0
    assert (tmp_path / "got.pdf").read_bytes() == PDF
    assert fund(*got, "--as", "Officer of Nagoya").code == 2
    assert fund("attachments", "verify", *where).out.startswith("1 content in ")
    again = fund(*got[:4], "--to", tmp_path / "again.pdf", "--as", "Approver 1", "--json", *where)
    assert json.loads(again.out) == {"path": str(tmp_path / "again.pdf"), "bytes": len(PDF), "sha256": row["digest"]}
    assert json.loads(fund("attachments", "verify", "--json", *where).out)["wrong"] == []
    checks = {one["id"]: one for one in json.loads(fund("doctor", "--json", *where).out)["checks"]}
    assert (checks["attachments"]["well"], checks["scanner"]["well"]) == (True, True)
    content = Settings(data=place).data / "attachments" / row["digest"][:2] / row["digest"][2:]
    content.write_bytes(PDF.replace(b"1", b"2"))
    assert fund("doctor", "--json", *where).code == 0
    altered = fund("attachments", "verify", *where)
    assert (altered.code, row["digest"] in altered.err) == (7, True)
    told = fund("attachments", "verify", "--json", *where)
    assert (told.code, json.loads(told.out)["wrong"]) == (7, [row["digest"]])
    content.unlink()
    missing = fund("doctor", *where)
    assert (missing.code, "are missing" in " ".join(missing.out.split())) == (7, True)


def test_what_is_refused_on_the_command_line_has_its_cure(fund: Run, place: Path, tmp_path: Path) -> None:
    where = ("--data", place)
    (tmp_path / "Plan.docx").write_bytes(PDF)
    (tmp_path / "Letter.docx").write_bytes(DOCX)

    def put(name: str, of: object, who: str, *more: object) -> int:
        return fund("attachments", "put", tmp_path / name, "--of", of, "--as", who, *more, *where).code

    assert put("Plan.docx", GRANT, "Officer of Turin") == 1
    assert put("Nothing.pdf", GRANT, "Officer of Turin") == 2
    assert put("Plan.pdf", "Turin", "Officer of Turin") == 2
    assert put("Plan.pdf", ACTION, "Officer of Turin") == 3
    assert put("Plan.pdf", GRANT, "Officer of Dublin") == 4
    assert put("Letter.docx", ACTION, "Secretariat 1", "--member", "Nagoya") == 0
    assert put("Plan.pdf", GRANT, "Officer of Turin", "--section", "risks") == 2
    assert "attachments put" in fund("act", "attach-file", "--as", "Officer of Turin", *where).err
