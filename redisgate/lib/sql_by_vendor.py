"""A migration's SQL, written once for each database that we run on."""

from collections.abc import Mapping, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Statements = Mapping[str, Sequence[str]]
"""SQL by the name that Django gives the database's vendor."""


class SQLByVendor(Operation):
    """Run the statements written for the database at hand."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, forward: Statements, backward: Statements) -> None:
        self.forward = forward
        self.backward = backward

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are: triggers don't show in them."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._run(self.forward, schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._run(self.backward, schema_editor)

    def describe(self) -> str:
        return "Run SQL for this database"

    @staticmethod
    def _run(statements: Statements, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement, params=None)
