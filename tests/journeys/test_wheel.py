"""The wheel holds all that the fund needs, its data files too, and runs far from the source tree.

Its dependencies are those of this environment, by a path file without the fund's own editable entry: what is tried is
what the wheel holds, not what the index serves.
"""

import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 300

Run = Callable[..., str]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and the dependencies of this one."""
    place = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    build = ["wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(place), str(ROOT)]
    subprocess.run([*pip, *build], check=True, timeout=SECONDS)
    (wheel,) = place.glob("*.whl")
    made = place / "env"
    venv.create(made, symlinks=True)
    python = str(made / "bin" / "python")
    subprocess.run([*pip, "--python", python, "install", "--no-index", "--no-deps", str(wheel)], check=True)
    (packages,) = made.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")  # whose own .pth are not read
    (made / "bin" / "temporal").symlink_to(Path(sysconfig.get_path("scripts")) / "temporal")
    return made


@pytest.fixture
def run(environment: Path, tmp_path: Path) -> Run:
    """Run a program of the environment in an empty folder, with nothing of ours in its variables."""

    def run(program: str, *arguments: str) -> str:
        command = [str(environment / "bin" / program), *arguments]
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        done = subprocess.run(
            command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize("package", ["domain", "projections", "workflows", "fund_service"])
def test_every_package_comes_from_the_wheel(run: Run, environment: Path, package: str) -> None:
    assert Path(run("python", "-c", f"import {package}; print({package}.__file__)")).is_relative_to(environment)


def test_it_says_its_version_and_its_rules(run: Run) -> None:
    assert run("fund", "--version") == "fund 0.1.0\n"
    assert {"S01", "E01", "D04"} <= {rule["id"] for rule in json.loads(run("fund", "rules", "--json"))}


@pytest.mark.soak
def test_it_rehearses_a_whole_call(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("fund", "demo", "--once", "--json", "--partnerships", "2"))
    assert (told["partnerships"], told["grants"]["closed"]) == (2, told["grants"]["accepted"])
    assert told["committed_cents"] == told["disbursed_cents"] + told["unspent_cents"] > told["unspent_cents"] > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fund-data"]
