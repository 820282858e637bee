"""Who may do and see what, as rows that people and programs read: made from the two tables, and from nothing else."""

from collections.abc import Iterable, Iterator
from typing import Literal

from domain.people import Role
from domain.values import Value
from fund_service.permissions.deeds import PERMISSIONS
from fund_service.permissions.relations import Permission
from fund_service.permissions.views import VIEWS


class PermissionRow(Value):
    """One permission: for a deed (a command) or a view, any of the roles, as `who` says with relation and stage."""

    id: str
    kind: Literal["deed", "view"]
    roles: tuple[Role, ...]
    who: str


def permission_rows() -> Iterator[PermissionRow]:
    """Yield every permission, deeds first, in the order of the tables."""
    for command, permission in PERMISSIONS.items():
        yield _row(command.__name__, "deed", permission)
    for view, permissions in VIEWS.items():
        for permission in permissions:
            yield _row(view, "view", permission)


def _row(name: str, kind: Literal["deed", "view"], permission: Permission) -> PermissionRow:
    roles = tuple(role for role in Role if role in permission.roles)
    return PermissionRow(id=name, kind=kind, roles=roles, who=permission.says)


def as_markdown(rows: Iterable[PermissionRow]) -> str:
    """Return two tables in Markdown: who may do what, and who sees what."""
    rows = list(rows)
    deeds = {f"`{row.id}`": [row.who] for row in rows if row.kind == "deed"}
    views: dict[str, list[str]] = {}
    for row in rows:
        if row.kind == "view":
            views.setdefault(row.id, []).append(row.who)
    return f"{_table('Deed', 'Who may', deeds)}\n{_table('What', 'Who sees it', views)}"


def _table(what: str, who: str, rows: dict[str, list[str]]) -> str:
    told = (f"| {name} | {'; '.join(each)} |" for name, each in rows.items())
    return "\n".join((f"| {what} | {who} |", "| --- | --- |", *told)) + "\n"
