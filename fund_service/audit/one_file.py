"""The verifier as one file, which an auditor can read, copy and run with nothing but Python."""

import ast
from importlib.resources import files
from typing import Final

from fund_service.audit import offline

MODULES: Final = ("merkle", "ed25519", "notes", "archive", "package", "bundle", "dossier", "verifying")
"""What it is made of, each using those before it alone."""

_BEGINS: Final = '''#!/usr/bin/env python3
"""Verify what the competitive fund handed out: python3 verify.py FILE.zip [--key KEY] [--checkpoint FILE]

It needs Python 3.11 or newer and nothing else: no network, no database, nothing of the fund. Licence: EUPL-1.2.
"""
'''
_ENDS: Final = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


def one_file() -> str:
    """Return the program: the modules one after the other, without what they import of each other."""
    return "\n".join([_BEGINS, *map(_body, MODULES)]) + _ENDS


def _body(module: str) -> str:
    source = files(offline).joinpath(f"{module}.py").read_text()
    lines = source.splitlines()
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(offline.__name__):
            for number in range(statement.lineno - 1, statement.end_lineno or statement.lineno):
                lines[number] = ""
    return "\n".join(lines).strip("\n") + "\n"
