"""Which forms there are, as `Accept` names them, and how each is written."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from services.reporting.formats.csv_form import EXCEL_NL, write_csv
from services.reporting.formats.cube import Cube
from services.reporting.formats.json_form import write_json
from services.reporting.formats.json_stat import write_json_stat


class Form(NamedTuple):
    """A writer, and the `Content-Type` of what it writes."""

    content_type: str
    write: Callable[[Cube], bytes]


JSON, CSV, JSON_STAT = "application/json", "text/csv", "application/vnd.json-stat+json"
EXCEL = "text/csv; dialect=excel-nl"

FORMS: Final[Mapping[str, Form]] = {
    JSON: Form(JSON, write_json),
    CSV: Form("text/csv; charset=utf-8; header=present", write_csv),
    EXCEL: Form("text/csv; charset=utf-8; header=present; dialect=excel-nl", lambda cube: write_csv(cube, EXCEL_NL)),
    JSON_STAT: Form(JSON_STAT, write_json_stat),
}
"""The first is the one for whoever has no wish."""
