"""Names say what a thing is for, and everything public says what it is."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import PACKAGES, ROOT, Module, modules

MEANS_NOTHING = re.compile(r"utils|helper|misc|(?<!resource_)(?<!resource)manager", re.IGNORECASE)


def public(module: Module) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give a module's public classes and functions."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize(
    "name", ["utils.py", "date_utils.py", "EventHelper", "ProcessManager", "manager.py", "misc.py"]
)
def test_a_name_that_means_nothing_is_seen(name: str) -> None:
    assert MEANS_NOTHING.search(name)


@pytest.mark.parametrize("name", ["resource_manager.py", "ResourceManagerAppointed", "budget_utilisation.py"])
def test_a_name_of_the_fund_is_let_be(name: str) -> None:
    assert not MEANS_NOTHING.search(name)


def test_files_and_classes_are_named_by_what_they_are_for() -> None:
    everything = [module for package in (*PACKAGES, "tests") for module in modules(package)]
    files = [str(module.path) for module in everything if MEANS_NOTHING.search(module.path.name)]
    classes = [
        module.at(node, node.name)
        for module in everything
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and MEANS_NOTHING.search(node.name)
    ]
    assert files + classes == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_a_docstring(package: str) -> None:
    folders = {ROOT / module.path.parent for module in modules(package)} | {ROOT / package}
    documented = {
        ROOT / module.path.parent
        for module in modules(package)
        if module.path.name == "__init__.py" and ast.get_docstring(module.tree)
    }
    assert sorted(str(folder.relative_to(ROOT)) for folder in folders - documented) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_class_and_function_has_a_docstring(package: str) -> None:
    found = [
        module.at(node, node.name)
        for module in modules(package)
        for node in public(module)
        if not ast.get_docstring(node)
    ]
    assert found == []
