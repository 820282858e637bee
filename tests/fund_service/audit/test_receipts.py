"""A receipt is proven to anybody who has it, and to nobody who has not."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fund_service.audit.checkpoints import own_key, sign_now, witness_log
from fund_service.audit.offline.merkle import leaf_hash
from fund_service.audit.offline.notes import check_proof, proof_of
from fund_service.audit.offline.verifying import main
from tests.fund_service.api.conftest import Api, Turning
from tests.fund_service.small_fund import APPLICANTS, action_of
from tests.fund_service.staged_fund import Stage

FIRST, OTHER = APPLICANTS[0], APPLICANTS[1]
OFFICER = "Officer of Turin"


@pytest.fixture
def api(stages: dict[Stage, Path], turning: Turning, tmp_path: Path) -> Iterator[Api]:
    """Serve a fund whose applications are in, before its log was ever signed."""
    shutil.copytree(stages[Stage.CLOSED], tmp_path / "fund")
    with turning.opened(tmp_path / "fund") as found:
        yield found


def receipt(api: Api) -> dict[str, object]:
    found: dict[str, object] = api.get(OFFICER, f"/pilot-actions/{action_of(FIRST)}/receipt").json()
    return found


def asked(number: object, digest: object) -> str:
    return f"/log/receipt-proof?number={number}&digest={digest}"


def test_whoever_has_a_receipt_gets_its_proof_once_the_log_is_signed(api: Api) -> None:
    told = receipt(api)
    path = asked(told["position"], told["digest"])
    early = api.get(None, path)
    assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (404, "not-found")
    key = own_key(api.parts)
    sign_now(api.parts, witness_log(api.parts), key)
    proof = proof_of(api.get(None, path).content)
    assert proof.extra is None
    record = proof_of(api.get(OFFICER, f"/pilot-actions/{action_of(FIRST)}/receipt/proof").content).extra
    assert record is not None
    check_proof(proof, leaf_hash(record), [key.key])


@pytest.mark.parametrize("number", [1, 10**9])
def test_whoever_has_none_learns_nothing(api: Api, number: int) -> None:
    told = receipt(api)
    of_nobody = api.get(None, asked(told["position"], "0" * 64))
    of_another = api.get(None, asked(number, told["digest"]))
    assert of_nobody.status_code == of_another.status_code == 404
    assert of_nobody.json()["detail"] == of_another.json()["detail"]
    assert api.get(None, asked(told["position"], "x")).status_code == 422


def test_nobody_else_gets_the_file_with_the_record(api: Api) -> None:
    sign_now(api.parts, witness_log(api.parts), own_key(api.parts))
    for who in ("Officer of Málaga", "Evaluator 1"):
        assert api.get(who, f"/pilot-actions/{action_of(FIRST)}/receipt/proof").status_code == 404


def test_the_file_of_an_applicant_is_checked_with_nothing_of_the_fund(
    api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = own_key(api.parts)
    sign_now(api.parts, witness_log(api.parts), key)
    file = tmp_path / "receipt.tlog-proof"
    file.write_bytes(api.get(OFFICER, f"/pilot-actions/{action_of(FIRST)}/receipt/proof").content)
    assert main([str(file), "--key", str(key.key)]) == 0
    assert str(receipt(api)["digest"]) in capsys.readouterr().out
    altered = proof_of(file.read_bytes())
    assert altered.extra is not None
    file.write_text(str(altered._replace(extra=altered.extra.replace(b'"version":1', b'"version":2', 1))))
    assert main([str(file), "--key", str(key.key)]) == 1
    assert main([str(file)]) == 1


def test_the_checkpoint_is_public_with_the_keys(api: Api) -> None:
    assert api.get(None, "/log/checkpoint").json()["note"] is None
    kept = sign_now(api.parts, witness_log(api.parts), own_key(api.parts))
    told = api.get(None, "/log/checkpoint").json()
    assert (told["note"], told["size"], told["keys"]) == (str(kept.note), kept.size, [str(own_key(api.parts).key)])
