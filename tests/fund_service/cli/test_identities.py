"""`fund identity`: the machine itself says whose account an identity of the provider opens."""

import json
import shutil
from pathlib import Path

from fund_service.composition import open_parts
from fund_service.settings import Settings
from tests.fund_service.cli.conftest import Run
from tests.fund_service.small_fund import id_of

ISSUER, EVA = "https://provider.example", "Evaluator 1"


def test_an_identity_is_bound_listed_and_ended(fund: Run, recorded: Path, tmp_path: Path) -> None:
    place = shutil.copytree(recorded, tmp_path / "fund")
    bound = fund("identity", "bind", EVA, "--sub", "n002xyz", "--issuer", f"{ISSUER}/", "--data", place)
    assert (bound.code, bound.out) == (0, f"n002xyz of {ISSUER} opens the account of {EVA}.\n")
    [row] = json.loads(fund("identity", "list", "--json", "--data", place).out)
    assert (row["subject"], row["issuer"], row["identifier"]) == (str(id_of(EVA)), ISSUER, "n002xyz")
    assert EVA in fund("identity", "list", "--data", place).out
    other = fund("identity", "bind", "Evaluator 2", "--sub", "n002xyz", "--issuer", ISSUER, "--data", place)
    assert (other.code, "opens an account already" in other.err) == (3, True)
    assert fund("identity", "bind", EVA, "--sub", "Jonas é", "--issuer", ISSUER, "--data", place).code == 2
    assert fund("identity", "bind", EVA, "--sub", "other", "--data", place).code == 5, "no provider is set"
    assert fund("identity", "end", EVA, "--data", place).code == 0
    assert fund("identity", "end", EVA, "--data", place).code == 5
    with open_parts(Settings(data=place)) as parts:
        assert parts.provider.identities.subject_of(ISSUER, "n002xyz") is None
