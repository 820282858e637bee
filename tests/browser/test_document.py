"""The document of the API, by Spectral and its rules for OpenAPI: none of them finds anything."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.fund_service.api.described import COMMITTED

HERE: Final = Path(__file__).parent
SPECTRAL: Final = HERE / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"
CLEAN: Final = 0
FOUND: Final = 1


@pytest.mark.parametrize("planted", [False, True], ids=["as it is", "without a description"])
def test_spectral_finds_nothing_in_the_document_and_what_is_planted(tmp_path: Path, planted: bool) -> None:
    node = shutil.which("node")
    assert node is not None, "Node is missing: run .ci/setup browser"
    assert SPECTRAL.exists(), "the npm packages are missing: run .ci/setup browser"
    document = json.loads(COMMITTED.read_text(encoding="utf-8"))
    if planted:
        document["paths"] = {"/healthz": document["paths"]["/healthz"]}
        del document["paths"]["/healthz"]["get"]["description"]
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    said = subprocess.run(
        [
            node,
            SPECTRAL,
            "lint",
            tmp_path / "openapi.json",
            "--ruleset",
            HERE / "spectral.json",
            "--fail-severity=warn",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == (FOUND if planted else CLEAN), said.stdout + said.stderr
    assert ("operation-description" in said.stdout) is planted
