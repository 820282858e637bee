"""A cure is for whoever reads it: by the command line, or over HTTP."""

import ast
from collections.abc import Iterator
from pathlib import Path

from domain import errors
from domain.errors import FundError
from tests.architecture.sources import Module, modules

ON_THE_MACHINE = (
    Path("fund_service/cli"),
    Path("fund_service/importing"),  # files, which the command line alone takes
    Path("fund_service/audit/tables/asking.py"),  # files that somebody took away, asked on the command line
    Path("fund_service/audit/witness_service.py"),  # a witness is no fund: who starts it reads this
    Path("fund_service/protection.py"),  # when a store is opened, before anybody could ask over HTTP
    Path("fund_service/temporal_server.py"),
    Path("fund_service/temporal_client.py"),
)
"""What is said here, whoever has the machine itself reads."""

_ERRORS = {name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, FundError)}


def _said(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield every text in what raises an error, or in a check of a rule."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {*_ERRORS, "require"}:
            for inside in ast.walk(node):
                if isinstance(inside, ast.Constant) and isinstance(inside.value, str):
                    yield inside, inside.value


def test_no_cure_sends_a_reader_over_http_to_a_command_line() -> None:
    everything = [module for package in ("domain", "projections", "fund_service") for module in modules(package)]
    read_over_http = [one for one in everything if not any(one.path.is_relative_to(place) for place in ON_THE_MACHINE)]
    said = [(module, *found) for module in read_over_http for found in _said(module)]
    assert len(said) > 500, "nothing is looked at"
    assert [module.at(node, words) for module, node, words in said if "`fund " in words] == []
