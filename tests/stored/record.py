"""`python -m tests.stored.record`: records what must stay readable for ever, and never alters what was recorded (P14).

samples.py    events of every version           shapes.py   what they consist of
histories.py  workflows, of every ending        funds.py    a whole data directory

It rehearses a small call on the real server, runs the tests of processes, and adds what nothing recorded shows yet.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.catalogue import EVENTS
from domain.messages import Recorded
from fund_service.cli.running import Stop, run_service
from fund_service.editions.loader import edition
from fund_service.rehearsal.rehearse import prepare, rehearse, stage_of
from fund_service.service import Service
from fund_service.settings import read_settings
from fund_service.store import open_store
from tests.stored.funds import record_fund
from tests.stored.harvest import live_histories
from tests.stored.histories import History, histories_of, record_histories
from tests.stored.samples import (
    chosen,
    read_samples,
    sample_of,
    still_wanted,
    told_in_todays_words,
    vault_of_samples,
    write_samples,
)
from tests.stored.shapes import CURE, changed, record_shapes, recorded_shapes
from workflows.options import TASK_QUEUE
from workflows.reconciliation import ReconciliationWorkflow

EDITION = "iurc-2026"
SEED = "stored samples"
PARTNERSHIPS = 2


def main() -> None:
    """Record what is new; where something recorded would change, say so and record nothing."""
    if altered := [name for name in changed() if name in recorded_shapes()]:
        sys.exit(f"The shape of {', '.join(altered)} is recorded otherwise. {CURE}")
    with TemporaryDirectory() as place:  # stays until the texts of its log are read
        log, rehearsed = _rehearsed(Path(place))
        counts = {
            "samples of events": _record_samples(log),
            "shapes": record_shapes(),
            "histories": record_histories([*rehearsed, *live_histories()]),
            "funds": record_fund(),
        }
    print("Recorded anew: " + ", ".join(f"{number} {what}" for what, number in counts.items()) + ".")


def _record_samples(log: list[Recorded]) -> int:
    with vault_of_samples() as vault:
        samples = told_in_todays_words(read_samples(), vault)
        before = len(samples)
        for kind in EVENTS.values():
            for one in chosen(kind, still_wanted(kind, samples, vault), log):
                samples.append(sample_of(one.stream, one.recorded_at, one.caused_by, one.event, vault))
        write_samples(samples)
        vault.keep()
        return len(samples) - before


def _rehearsed(place: Path) -> tuple[list[Recorded], list[History]]:
    """Rehearse a small call, and return its log and the histories of its processes."""
    settings, rules = read_settings(data=place, port=0), edition(EDITION)
    with open_store(settings) as store:
        prepare(store, SEED, PARTNERSHIPS, rules)

    async def play(service: Service, stop: Stop) -> tuple[list[Recorded], list[History]]:
        await service.client.execute_workflow(ReconciliationWorkflow.run, id="reconciliation", task_queue=TASK_QUEUE)
        await rehearse(service, stage_of(service, rules), lambda *_: None)
        histories = [history async for history in histories_of(service.client)]
        return service.parts.log.read(0, service.parts.log.end()), histories

    told = run_service(settings, play)
    assert told is not None, "interrupted: nothing is recorded"
    return told


if __name__ == "__main__":
    main()
