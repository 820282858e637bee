"""Takes a directory to today's form."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def take_on(connection: Connection) -> None:
    """Run every step that this directory has not yet, in the connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
