"""`fund audit protect`: makes the triggers anew that keep the log append-only in the database."""

from fund_service.cli.options import AsJson, Data, Store


def protect(data: Data = None, store: Store = None, as_json: AsJson = False) -> None:
    """Make the triggers of the log anew, without which no fund is opened.

    They were made with the log, and nothing of ours takes them away. So find out first who did, and what was done to
    the log meanwhile: `fund audit verify` compares it with what was signed before. On PostgreSQL, the role that owns
    the log's table runs this, or an administrator.

    \b
    Example:
      fund audit protect
    """
    from fund_service.cli.opening import nothing_in
    from fund_service.cli.output import print_json
    from fund_service.composition import opened_protection
    from fund_service.settings import read_settings
    from fund_service.store import open_store

    with open_store(read_settings(data=data, store=store)) as found:
        if not found.begun():
            raise nothing_in(found)
        with opened_protection(found) as protection:
            missing = protection.missing()
            protection.make()
    if as_json:
        print_json({"were_missing": missing})
        return
    were = f"Of its triggers, these were missing, disabled or altered: {', '.join(missing)}." if missing else ""
    print(f"The log in {found.shown} only grows again. {were or 'All of its triggers were there.'}")
