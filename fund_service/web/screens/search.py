"""Search over everything, by the words in the address."""

from collections.abc import Mapping
from itertools import groupby
from typing import Annotated, Any

from fastapi import Query

from fund_service.api.asking import Asking, Open
from fund_service.api.resources.search import MOST, search
from fund_service.web.pages import Pages


def search_page(pages: Pages) -> None:
    """Enter the page."""

    @pages.page("/search", "search.html", Open.SIGNED_IN)
    def everything(asking: Asking, q: Annotated[str, Query(max_length=200)] = "") -> Mapping[str, Any]:
        found = search(asking, q)
        kinds = [(kind, list(hits)) for kind, hits in groupby(found.hits, lambda hit: hit.kind)]
        return {"q": q.strip(), "kinds": kinds, "count": len(found.hits), "more": found.more, "most": MOST}
