"""The directory: its migrations lead to its tables, whoever opens it first, on either store."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from fund_service.auth.directory import METADATA, VERSIONS, prepared
from fund_service.auth.migrations import NEWEST
from fund_service.store import Store


def _differences(engine: Engine) -> list[Any]:
    ours = {*METADATA.tables, VERSIONS}

    def is_ours(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "table" or name in ours

    with engine.connect() as connection:
        options = {"version_table": VERSIONS, "include_name": is_ours, "compare_type": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), METADATA))


def test_the_migrations_lead_to_the_tables(store: Store) -> None:
    engine = prepared(store.engine("directory"))
    assert _differences(engine) == []
    with engine.connect() as connection:
        assert MigrationContext.configure(connection, opts={"version_table": VERSIONS}).get_current_revision() == NEWEST


def test_several_may_open_it_at_once_and_again(store: Store) -> None:
    engine = store.engine("directory")
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(prepared, [engine] * 4))
    assert all(inspect(one).has_table("directory_tokens") for one in opened)
