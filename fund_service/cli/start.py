"""Where the program `fund` begins: Ctrl-C ends it without a word also while its modules are loaded."""

import signal


def start() -> int:
    """Run the program with the arguments of the command line, and return its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from fund_service.cli.main import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return main()
