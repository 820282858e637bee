"""The project's source as syntax trees, so that a test can ask what stands where."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "projections", "workflows", "fund_service")


@dataclass(frozen=True)
class Module:
    """One source file: where it stands (from the root), and its tree."""

    path: Path
    tree: ast.Module

    def at(self, node: ast.AST, what: str) -> str:
        """Return a finding that an editor can jump to."""
        return f"{self.path}:{getattr(node, 'lineno', 1)} {what}"


@cache
def modules(package: str) -> tuple[Module, ...]:
    """Return every module of a top-level package."""
    files = sorted((ROOT / package).rglob("*.py"))
    assert files, f"{package} has no modules: nothing would be checked"
    return tuple(Module(file.relative_to(ROOT), ast.parse(file.read_text(), file.name)) for file in files)


def imported(tree: ast.AST) -> Iterator[tuple[ast.stmt, str, str]]:
    """Give every import as (statement, name it gets here, full name)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.asname or alias.name.partition(".")[0], alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node, alias.asname or alias.name, f"{node.module}.{alias.name}"


def names(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Give every name and attribute in full: after `from datetime import datetime as dt`, `dt.now` is
    `datetime.datetime.now`.
    """
    full = {
        here: there if isinstance(statement, ast.ImportFrom) else here if there.startswith(f"{here}.") else there
        for statement, here, there in imported(tree)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node, full.get(node.id, node.id)
        elif isinstance(node, ast.Attribute):
            dotted = ast.unparse(node)
            first, _, rest = dotted.partition(".")
            yield node, f"{full.get(first, first)}.{rest}"
