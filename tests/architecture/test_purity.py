"""The domain decides without a clock, chance, floats or the outside world; processes repeat exactly when replayed."""

import ast
import re
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.sources import imported, modules, names

CLOCKS = (
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time",
)
CHANCE = ("os.urandom", "random", "secrets", "uuid.uuid1", "uuid.uuid4")
OUTSIDE = (
    "__import__", "asyncio", "breakpoint", "builtins", "eval", "exec", "importlib", "input", "io", "logging",
    "multiprocessing", "open", "os", "pathlib", "print", "shutil", "socket", "sqlite3", "subprocess", "sys", "tempfile",
    "threading", "urllib",
)  # fmt: skip


def uses(tree: ast.AST, forbidden: tuple[str, ...]) -> Iterator[tuple[ast.AST, str]]:
    """Give every import and every name, called or passed on, that is one of the forbidden or lies below one."""
    found = [(statement, there) for statement, _, there in imported(tree)] + list(names(tree))
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node, name in found:
        of_our_own = isinstance(node, ast.expr) and name.partition(".")[0] in bound
        if not of_our_own and any(name == bad or name.startswith(f"{bad}.") for bad in forbidden):
            yield node, name


def floats(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Give every float: a literal, or the type by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node, ast.unparse(node)
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node, "float"


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime as dt\ndt.now()",
        "import datetime\ndatetime.datetime.utcnow()",
        "from datetime import date\nfields = dict(day=Field(default_factory=date.today))",
        "import time as t\nt.monotonic()",
        "from uuid import uuid4\nField(default_factory=uuid4)",
        "import random",
        "import os\nos.environ['HOME']",
        "from os import environ",
        "open('x')",
        "def f():\n    print('x')",
    ],
)
def test_every_way_to_the_outside_world_is_seen(source: str) -> None:
    assert list(uses(ast.parse(source), CLOCKS + CHANCE + OUTSIDE))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import time\ntime(17)",
        "from uuid import uuid5\nuuid5(space, 'name')",
        "from temporalio import workflow\nworkflow.now(), workflow.uuid4(), workflow.random()",
        "def opens(at, time):\n    return at.time() < time.start",
    ],
)
def test_what_only_looks_like_the_outside_world_is_let_be(source: str) -> None:
    assert not list(uses(ast.parse(source), CLOCKS + CHANCE + OUTSIDE))


def test_the_domain_has_no_clock_no_chance_and_no_outside_world() -> None:
    found = [
        module.at(node, name)
        for module in modules("domain")
        for node, name in uses(module.tree, CLOCKS + CHANCE + OUTSIDE)
    ]
    assert found == []


def test_processes_take_time_and_chance_from_the_engine_only() -> None:
    found = [
        module.at(node, name) for module in modules("workflows") for node, name in uses(module.tree, CLOCKS + CHANCE)
    ]
    assert found == []


def test_the_domain_has_no_floats() -> None:
    found = [module.at(node, name) for module in modules("domain") for node, name in floats(module.tree)]
    assert found == []


def test_the_domain_imports_only_pydantic_and_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"pydantic", "pydantic_core", "domain"}
    found = [
        module.at(statement, there)
        for module in modules("domain")
        for statement, _, there in imported(module.tree)
        if there.partition(".")[0] not in allowed
    ]
    assert found == []


def test_nobody_names_the_service_that_runs_them() -> None:
    """import-linter sees imports; this sees a name in a string too, as importlib or the engine would take it."""
    found = [
        module.at(node, name)
        for package in ("domain", "projections", "workflows")
        for module in modules(package)
        for node, name in [(statement, there) for statement, _, there in imported(module.tree)]
        + [(node, str(node.value)) for node in ast.walk(module.tree) if isinstance(node, ast.Constant)]
        if re.match(r"fund_service([.:]|$)", name)
    ]
    assert found == []
