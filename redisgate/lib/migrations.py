"""Whether the database is as new as this version."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def is_behind() -> bool:
    """Tell whether migrations are missing, by a short look. Raises Django's database errors."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
