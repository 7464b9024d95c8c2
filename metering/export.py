"""A statement as CSV and as the management API gives it."""

import csv
from io import StringIO

from django.http import HttpResponse

from metering.amounts import SHOWN, Amounts
from metering.statements import State, Statement, closes_at
from redisgate.lib.spreadsheets import cell

COLUMNS = ("month", "organization", "instance_id", "instance", *SHOWN)


def csv_response(statement: Statement) -> HttpResponse:
    """Give the lines as a file to keep; sums are left to whoever reads it."""
    response = HttpResponse(_csv(statement), content_type="text/csv; charset=utf-8")
    name = f"{statement.organization.slug}-{statement.month}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def rendered(statement: Statement) -> dict[str, object]:
    """Give it as the management API does."""
    month = statement.month
    return {
        "month": str(month),
        "begins_at": month.begins_at,
        "ends_at": month.ends_at,
        "state": statement.state.value,
        "final_at": None if statement.state is State.FINAL else closes_at(month),
        "counted_until": statement.counted_until,
        "totals": _amounts(statement.totals),
        "instances": [
            {
                "instance": str(line.instance_id),
                "name": line.name,
                "is_deleted": line.instance_id not in statement.existing,
                **_amounts(line.amounts),
            }
            for line in statement.lines
        ],
    }


def _amounts(amounts: Amounts) -> dict[str, int | float]:
    return {
        "running_hours": float(amounts.running_hours),
        "memory_mb_hours": float(amounts.memory_mb_hours),
        "requests": amounts.requests,
        "commands": amounts.commands,
        "errors": amounts.errors,
        "bytes_in": amounts.bytes_in,
        "bytes_out": amounts.bytes_out,
    }


def _csv(statement: Statement) -> str:
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for line in statement.lines:
        writer.writerow(
            [
                statement.month,
                cell(statement.organization.name),
                line.instance_id,
                cell(line.name),
                *(getattr(line.amounts, name) for name in SHOWN),
            ]
        )
    return file.getvalue()
