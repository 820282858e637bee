"""For people: what a command led to, or would lead to."""

from fund_service.cli.wording import clean, moment
from fund_service.foreseeing import Done, Foreseen


def tell_done(done: Done) -> None:
    """Print what was recorded, and the key that makes a repetition harmless."""
    if done.repeated:
        print("This request was carried out before; nothing more is recorded.")
    for event in done.events:
        print(clean(f"Recorded: {event.sentence}  ({event.topic}, {event.stream})"))
    print(f"Done at position {done.position}. Its key is {clean(done.key)}")


def tell_foreseen(foreseen: Foreseen) -> None:
    """Print what would happen."""
    print(f"Nothing is recorded. At {moment(foreseen.at)} (Brussels time) this would happen:")
    if not foreseen.events:
        print("  Nothing: this request was carried out before.")
    for event in foreseen.events:
        print(clean(f"  Recorded: {event.sentence}  ({event.topic})"))
    for process in foreseen.processes:
        print(clean(f"  Process {process.id} {'starts' if process.starts else 'is told'}: {process.says}"))
        for name, instant in process.clocks.items():
            print(f"    waits for {name.replace('_', ' ')}: {moment(instant)}")
