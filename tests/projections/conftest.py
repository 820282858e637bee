"""A place for read models, empty for every test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from fund_service.store import Store
from projections.database import views_engine


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return an engine that many examples use one after another; each builds its tables anew."""
    engine = views_engine(f"sqlite:///{tmp_path_factory.mktemp('views')}/views.db")
    yield engine
    engine.dispose()


@pytest.fixture
def engine(store: Store) -> Engine:
    """Return the engine of read models in an empty store, of either kind in turn."""
    return store.engine("views")
