"""The call's calendar as decisions use it: a step comes at its point, a window is open or not."""

from datetime import datetime

from domain.call.aggregate import Window
from domain.errors import WrongStage
from domain.values import in_brussels


def reached(at: datetime, point: datetime, step: str) -> None:
    """Require the calendar point of a step, or a later instant. Raises WrongStage."""
    if at < point:
        raise WrongStage(f"{step} comes on {in_brussels(point)}.", "Wait for that moment.")


def window_is(actual: Window, wanted: Window, name: str) -> None:
    """Require a window of the calendar to be as wanted. Raises WrongStage."""
    if actual is not wanted:
        raise WrongStage(f"The window for {name} is {actual}.")
