"""What stands in a read model's tables, and how it got there."""

from typing import Any

from sqlalchemy import Engine, select

from projections.build import Build
from projections.read_model import Follower, ReadModel
from tests.projections.story import Story


def content(engine: Engine, model: ReadModel) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, in the order of the primary keys."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in model.metadata.sorted_tables
        }


def follow(engine: Engine, story: Story, *kinds: type[ReadModel]) -> None:
    """Bring these read models to the story's end."""
    for kind in kinds:
        Follower(engine, kind(), story.read).catch_up()


def rebuild(engine: Engine, story: Story, kind: type[ReadModel], batch: int = 1000) -> None:
    """Build a read model anew beside the one that is there, and replace it."""
    Follower(engine, kind(), story.read)
    build = Build(engine, kind(), story.read, batch)
    build.ask(len(story.log))
    while build.step():
        pass
