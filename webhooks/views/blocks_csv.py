"""Tables as CSV files that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from plugins.blocks import Anchor, Table

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe_cell(value: object) -> str:
    """The cell's text; one that a spreadsheet could run begins with an apostrophe (OWASP, CSV injection).

    Numbers stay numbers, negative ones too.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Anchor):
        return safe_cell(value.text)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return safe_cell(", ".join(one.text if isinstance(one, Anchor) else str(one) for one in value))
    text = str(value)
    return "'" + text if text.lstrip(" \u00a0\ufeff").startswith(_FORMULA_SIGNS) else text


def table_csv(table: Table) -> str:
    """The table with its titles, RFC 4180, with a byte order mark so that spreadsheets read the accents."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_cell(title) for title in table.columns])
    writer.writerows([safe_cell(cell) for cell in row] for row in table.rows)
    return "\ufeff" + out.getvalue()
