"""The forms of an export."""

from collections.abc import Mapping

from dermfolio.audit.forms.csv_table import CSV
from dermfolio.audit.forms.fhir import FHIR
from dermfolio.audit.forms.form import Form
from dermfolio.audit.forms.json_lines import JSON_LINES
from dermfolio.contracts.views.audit import ExportForm

FORMS: Mapping[ExportForm, Form] = {"csv": CSV, "jsonl": JSON_LINES, "fhir": FHIR}
"""By name."""

__all__ = ["FORMS", "Form"]
