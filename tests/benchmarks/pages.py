"""B6 and B12: how long pages take in a call with many applications: `python -m tests.benchmarks.pages 60 600 6000`.

One client asks for one page after the other, over one connection. B12: the median of each page against the median of a
constant page of 50 kB that Jinja makes on the same server. B6: the slowest twentieth of each page against that of the
same page in the smallest of these calls. Whose worklist it is has eight applications, whatever the call has.
"""

import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Final, NamedTuple

from fund_service.api.bearing import COOKIE
from fund_service.auth.sessions import How
from fund_service.composition import Parts
from fund_service.web.wishes import deed_address
from tests.benchmarks.large_call import LargeCall
from tests.benchmarks.measure import HEAD, Figure, compare, machine
from tests.benchmarks.serving import constant, served
from tests.benchmarks.stores import Place, places
from tests.fund_service.small_fund import CALL_ID, EVALUATORS, LINE, action_of, id_of

SIZES: Final = (60, 600)
ASKED: Final = 30
GOALS: Final = {600: 1.2, 6000: 1.5}
_HEADERS: Final = {"Accept": "text/html", "Accept-Language": "en"}


class Shown(NamedTuple):
    """A page as somebody asks for it, and how many times as long as a constant page it may take."""

    what: str
    who: str
    path: str
    goal: float


class Asked:
    """Somebody who asks for a page over one connection."""

    def __init__(self, port: int, path: str, secret: str = "") -> None:
        """Ask for a page of a server, signed in by a session's secret."""
        self._port, self._path = port, path
        self._headers = {**_HEADERS, "Cookie": f"{COOKIE}={secret}"}

    def times(self) -> list[float]:
        """Return how many milliseconds each answer took, sorted."""
        with closing(HTTPConnection("127.0.0.1", self._port)) as line:
            return sorted(self._time(line) for _ in range(ASKED))

    def median(self) -> float:
        """Return the median in milliseconds."""
        return statistics.median(self.times())

    def slow(self) -> float:
        """Return what one of twenty takes longer than, in milliseconds."""
        return statistics.quantiles(self.times(), n=20)[-1]

    def _time(self, line: HTTPConnection) -> float:
        begun = time.perf_counter()
        line.request("GET", self._path, headers=self._headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self._path} was answered with {answer.status}.")
        return (time.perf_counter() - begun) * 1000


def figures(store: str, place: Place, sizes: Sequence[int] = SIZES) -> Iterator[Figure]:
    """Yield what pages take in calls of these sizes, side by side, the smallest first."""
    with ExitStack() as stack:
        plain = stack.enter_context(constant())
        calls = {}
        for size in sizes:
            parts = stack.enter_context(place())
            call = LargeCall(parts, size)
            call.open()
            calls[size] = (parts, call, stack.enter_context(served(parts)))
        for pages, go_on in ((_before_closing, True), (_after_closing, False)):
            for at in range(len(pages(calls[sizes[0]][1]))):
                asked = {size: _asked(parts, pages(call)[at], port) for size, (parts, call, port) in calls.items()}
                yield from _compared(store, pages(calls[sizes[0]][1])[at], asked, plain)
            for _, call, _ in calls.values() if go_on else ():
                call.close()


def _compared(store: str, page: Shown, asked: dict[int, Asked], port: int) -> Iterator[Figure]:
    smallest, *others = sorted(asked)
    largest = max(asked)
    plain = Asked(port, "/page").median
    about = f"{page.what}, {largest:,} applications, {store}"
    yield compare("B12", about, "a constant page", "ms", page.goal, asked[largest].median, plain, at_most=True)
    for size in others:
        what, against = f"{page.what}, p95, {size:,} applications, {store}", f"{smallest:,} applications"
        goal = GOALS.get(size, GOALS[6000])
        yield compare("B6", what, against, "ms", goal, asked[size].slow, asked[smallest].slow, at_most=True)


def _before_closing(call: LargeCall) -> list[Shown]:
    ready = action_of(call.last)
    officer = f"Officer of {call.last.city}"
    return [
        Shown("home of an applicant", officer, "/home", 5),
        Shown("an own application", officer, f"/pilot-actions/{ready}", 5),
        Shown(
            "form of a section", officer, deed_address("SaveDraftSection", pilot_action_id=ready, section="action"), 5
        ),
        Shown("check and submit", officer, deed_address("SubmitApplication", pilot_action_id=ready), 5),
    ]


def _after_closing(call: LargeCall) -> list[Shown]:
    return [
        Shown("list of 60 applications", "Secretariat 1", f"/calls/{CALL_ID}/applications", 10),
        Shown("list, searched", "Secretariat 1", f"/calls/{CALL_ID}/applications?q={call.last.partner.split()[0]}", 10),
        Shown("an application", "Secretariat 1", f"/pilot-actions/{action_of(call.others[0])}/versions/1", 5),
        Shown("dashboard", "Secretariat 1", f"/calls/{CALL_ID}/dashboard", 5),
        Shown("desk", "Secretariat 1", f"/calls/{CALL_ID}/desk", 5),
        Shown("ranking", "Secretariat 1", f"/calls/{CALL_ID}/lines/{LINE}/ranking", 5),
        Shown("worklist of an evaluator", EVALUATORS[0], "/me/evaluations", 5),
    ]


def _asked(parts: Parts, page: Shown, port: int) -> Asked:
    return Asked(port, page.path, parts.sessions.begin(id_of(page.who), How.PASSWORD, datetime.now(UTC))[1])


def main() -> None:
    """Measure on SQLite in calls of the sizes that are named."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print(f"One client, on {machine()}.\n\n{HEAD}", flush=True)
    with places() as kinds:
        store, place = next(iter(kinds.items()))
        for figure in figures(store, place, sizes):
            print(figure.row, flush=True)


if __name__ == "__main__":
    main()
