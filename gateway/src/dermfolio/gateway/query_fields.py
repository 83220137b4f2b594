"""Parameters in the query that are the fields of a model: the model alone says what they are called, what they mean
and what they may be.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from dermfolio.common.errors import Refused
from dermfolio.gateway.bodies import faults
from dermfolio.gateway.parameters import Parameter, as_uuid

Model = TypeVar("Model", bound=BaseModel)

_PARSERS: dict[str, Callable[[str], Any]] = {"uuid": as_uuid}
"""By format: what is read more strictly than the model would. The rest is the model's to read."""


class QueryFields(Generic[Model]):
    """The fields of a model, none of which has to be given."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        document = model.model_json_schema()
        self.parameters = tuple(_parameter(name, document) for name in model.model_fields)

    def of(self, request: Request) -> Model:
        """The model that a request carries. Refused as `invalid_request`."""
        given = {parameter.name: parameter.of(request) for parameter in self.parameters}
        try:
            return self._model.model_validate({name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            raise Refused("invalid_request", errors=faults(error, "query")) from None


def _parameter(name: str, document: dict[str, Any]) -> Parameter[Any]:
    """The parameter of a field: its schema without the null of what is not given."""
    field = document["properties"][name]
    [schema] = [choice for choice in field["anyOf"] if choice != {"type": "null"}]
    if "$ref" in schema:
        schema = document["$defs"][schema["$ref"].split("/")[-1]]
    schema = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    return Parameter(name, "query", field["description"], schema, _PARSERS.get(schema.get("format", ""), str))
