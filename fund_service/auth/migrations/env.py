"""What Alembic runs: every step that is missing, on the connection that it is given."""

from alembic import context

from fund_service.auth.directory import METADATA, VERSIONS

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSIONS,
    transactional_ddl=False,  # whoever gives the connection has begun the transaction
)
context.run_migrations()
