"""What every file must be before it is attached to anything: new there, not empty, not too large, not one too many."""

from collections.abc import Sequence

from domain.errors import WrongStage
from domain.files import Attached
from domain.rulebook.ours.attaching import file_is_of_ordinary_size, files_are_few


def file_fits(new: Attached, already: Sequence[Attached]) -> None:
    """Require a file that fits beside those which are attached already (D30). Raises RuleViolated and WrongStage."""
    if any(one.id == new.id for one in already):
        raise WrongStage("A file with this id is attached already.", "Name another id, or none.")
    if any(_place(one) == _place(new) for one in already):
        raise WrongStage("This very file is attached here already.", "Attach another one, or leave it as it is.")
    file_is_of_ordinary_size(new.file.size)
    files_are_few(len(already))


def _place(one: Attached) -> tuple[object, ...]:
    """Return what a file stands for: the same one may prove something of two members, or of two orders."""
    return one.file.digest, one.organisation_id, one.order
