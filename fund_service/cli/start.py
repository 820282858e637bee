"""Where the program `fund` begins, and ends: Ctrl-C ends it without a word also while its modules are loaded."""

import logging
import os
import signal
import sys
from contextlib import suppress
from typing import Final

_CORE: Final = "temporalio.bridge.temporal_sdk_bridge"


def start() -> int:
    """Run the program with the arguments of the command line, and return its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from fund_service.cli.main import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = main()
    if _CORE in sys.modules:
        _end(code)
    return code


def _end(code: int) -> None:
    """End without taking Python apart: threads of Temporal's core may still call into it, and that aborts a process
    that has ended well.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads any more, or the shell closed it
            stream.flush()
    os._exit(code)
