"""The document of the API, by Spectral and its rules for OpenAPI: none of them finds anything."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.fund_service.api.described import COMMITTED

HERE: Final = Path(__file__).parent
SPECTRAL: Final = HERE / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"
PLANTED: Final = '{"openapi": "3.1.0", "info": {"title": "Planted", "version": "1"}, "paths": {}}'


def test_spectral_finds_nothing_in_the_document_but_what_is_planted_beside_it(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node is not None, "Node is missing: run .ci/setup browser"
    assert SPECTRAL.exists(), "the npm packages are missing: run .ci/setup browser"
    planted = tmp_path / "planted.json"
    planted.write_text(PLANTED, encoding="utf-8")
    said = subprocess.run(
        [node, SPECTRAL, "lint", COMMITTED, planted, "--ruleset", HERE / "spectral.json", "--format=json"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(said.stdout.partition("\nNo results")[0])
    assert [one for one in found if one["source"] != str(planted)] == []
    assert "info-description" in {one["code"] for one in found}
