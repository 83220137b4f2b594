"""Parameters of operations: each is one value that documents itself and reads itself, so both agree."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, get_args
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from starlette.requests import Request

from dermfolio.common.errors import Refused
from dermfolio.contracts.identity import PEOPLE_AT_ONCE
from dermfolio.contracts.images import IMAGES_AT_ONCE
from dermfolio.contracts.views.images import RenditionSize
from dermfolio.contracts.views.tags import FILTERED_AT_MOST
from dermfolio.contracts.workspaces import ENTRIES_AT_ONCE
from dermfolio.gateway.problems import invalid

T = TypeVar("T")

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")

_ETAG = re.compile(r'"(0|[1-9][0-9]{0,8})"')

_PROVIDER = re.compile(r"[a-z0-9-]{1,80}")

_LANGUAGES = ("en", "fr")

_SIZES: dict[str, RenditionSize] = {str(size): size for size in get_args(RenditionSize)}

CURSOR_LENGTH = 500
KEY_LENGTH = 200
POSITION_DIGITS = 18


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One parameter. `parse` raises ValueError with a sentence that says what is expected."""

    name: str
    where: Literal["path", "query", "header"]
    about: str
    schema: dict[str, Any]
    parse: Callable[[str], T]
    default: T | None = None
    separated_by_commas: bool = False
    required: bool = False

    def document(self) -> dict[str, Any]:
        """The parameter object of OpenAPI 3.1."""
        return {
            "name": self.name,
            "in": self.where,
            "description": self.about,
            "required": self.required or self.where == "path",
            "schema": self.schema,
            **({"style": "form", "explode": False} if self.separated_by_commas else {}),
        }

    def of(self, request: Request) -> T:
        """The value that a request carries, or the default. Refused as `invalid_request`."""
        text = self._text(request)
        if text is None and self.required:
            raise invalid(f"{self.where}.{self.name}", "must be given")
        if text is None:
            return self.default  # type: ignore[return-value] # None only where T admits it
        try:
            return self.parse(text)
        except ValueError as error:
            raise invalid(f"{self.where}.{self.name}", str(error)) from None

    def _text(self, request: Request) -> str | None:
        if self.where == "path":
            return str(request.path_params[self.name])
        if self.where == "query":
            query = request.scope["query_string"]
            values = [v for k, v in parse_qsl(query.decode("latin-1"), True) if k == self.name] if query else []
        else:
            values = request.headers.getlist(self.name)
        if len(values) > 1:
            raise invalid(f"{self.where}.{self.name}", "is given more than once")
        return values[0] if values else None


def as_uuid(text: str) -> UUID:
    """The UUID that a text is. Raises ValueError when it is none."""
    if not _UUID.fullmatch(text):
        raise ValueError("must be a UUID, e.g. 5f0c6a5e-7a53-4f0e-9d0c-0d0f4f1f3b1a")
    return UUID(text)


def _uuids(most: int) -> Callable[[str], list[UUID]]:
    def parse(text: str) -> list[UUID]:
        ids = text.split(",")
        if len(ids) > most or not all(map(_UUID.fullmatch, ids)):
            raise ValueError(f"must be 1 to {most} UUIDs, separated by commas")
        return [UUID(id_) for id_ in ids]

    return parse


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= POSITION_DIGITS and lowest <= int(text) <= highest):
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(text)

    return parse


def _printable(length: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > length or not _PRINTABLE.fullmatch(text):
            raise ValueError(f"must be 1 to {length} printable ASCII characters without spaces")
        return text

    return parse


def _size(text: str) -> RenditionSize:
    if text not in _SIZES:
        raise ValueError(f"must be one of {', '.join(_SIZES)}")
    return _SIZES[text]


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("must be true or false")
    return text == "true"


def _version(text: str) -> int:
    if not (found := _ETAG.fullmatch(text)):
        raise ValueError('must be one ETag as it was given, e.g. "3"')
    return int(found[1])


def _language(text: str) -> str:
    if text not in _LANGUAGES:
        raise ValueError(f"must be one of {', '.join(_LANGUAGES)}")
    return text


def _provider(text: str) -> str:
    if not _PROVIDER.fullmatch(text):
        raise ValueError("must be 1 to 80 of a-z, 0-9 and -")
    return text


_AS_UUID = {"type": "string", "format": "uuid"}


def limit(most: int, default: int) -> Parameter[int]:
    """How many items a page has at most."""
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Parameter("limit", "query", "Items per page.", schema, _whole(1, most), default)


def choice(name: str, about: str, values: Sequence[T], default: T) -> Parameter[T]:
    """One of a few words."""
    words = {str(value): value for value in values}

    def parse(text: str) -> T:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return words[text]

    return Parameter(name, "query", about, {"enum": list(words), "default": default}, parse, default)


USER = Parameter("user", "path", "The user's id.", _AS_UUID, as_uuid)
SESSION = Parameter("session", "path", "The session's id.", _AS_UUID, as_uuid)
DEVICE = Parameter("device", "path", "The trusted device's id.", _AS_UUID, as_uuid)
PATIENT = Parameter("patient", "path", "The patient's id.", _AS_UUID, as_uuid)
ALIAS = Parameter("alias", "path", "The id of the record that is merged into the patient.", _AS_UUID, as_uuid)
SITE = Parameter("site", "path", "The site's id.", _AS_UUID, as_uuid)
OPENING = Parameter("opening", "path", "The emergency access's id.", _AS_UUID, as_uuid)
ENTRY = Parameter("entry", "path", "The entry's id.", _AS_UUID, as_uuid)
COMPARISON = Parameter(
    "comparison", "path", "The comparison's id; the client makes it when it creates one.", _AS_UUID, as_uuid
)
TOKEN = Parameter("token", "path", "The API token's id.", _AS_UUID, as_uuid)
PROVIDER = Parameter("provider", "path", "The provider's id.", {"type": "string", "maxLength": 80}, _provider)
CONSENT = Parameter("consent", "path", "The id of an event of the consent.", _AS_UUID, as_uuid)
LANGUAGE = Parameter("language", "path", "The language of the form.", {"enum": ["en", "fr"]}, _language)
CATEGORY = Parameter("category", "path", "The category's id.", _AS_UUID, as_uuid)
TAG = Parameter("tag", "path", "The tag's id.", _AS_UUID, as_uuid)
OF_SITE: Parameter[UUID | None] = Parameter(
    "site", "query", "The site's id; leave it out for the whole installation.", _AS_UUID, as_uuid
)
IMAGE = Parameter("image", "path", "The photograph's id; the client makes it for an upload.", _AS_UUID, as_uuid)
NOTES_VERSION = Parameter(
    "version",
    "path",
    "The version's number.",
    {"type": "integer", "minimum": 1, "maximum": 10**9 - 1},
    _whole(1, 10**9 - 1),
)
SIZE = Parameter("size", "path", "Long edge in pixels, or `full`.", {"enum": list(get_args(RenditionSize))}, _size)
IMAGES: Parameter[list[UUID] | None] = Parameter(
    "images",
    "query",
    "Only these photographs, rejected ones too; ids separated by commas.",
    {"type": "array", "items": _AS_UUID, "minItems": 1, "maxItems": IMAGES_AT_ONCE},
    _uuids(IMAGES_AT_ONCE),
    separated_by_commas=True,
)
TAGS: Parameter[list[UUID] | None] = Parameter(
    "tags",
    "query",
    "Only photographs that have one of these tags; ids separated by commas.",
    {"type": "array", "items": _AS_UUID, "minItems": 1, "maxItems": FILTERED_AT_MOST},
    _uuids(FILTERED_AT_MOST),
    separated_by_commas=True,
)
ENTRIES: Parameter[list[UUID]] = Parameter(
    "entries",
    "query",
    "Which entries; ids separated by commas.",
    {"type": "array", "items": _AS_UUID, "minItems": 1, "maxItems": ENTRIES_AT_ONCE},
    _uuids(ENTRIES_AT_ONCE),
    separated_by_commas=True,
    required=True,
)
USERS: Parameter[list[UUID]] = Parameter(
    "users",
    "query",
    "Whom to tell of; ids separated by commas.",
    {"type": "array", "items": _AS_UUID, "minItems": 1, "maxItems": PEOPLE_AT_ONCE},
    _uuids(PEOPLE_AT_ONCE),
    separated_by_commas=True,
    required=True,
)
ROTATED: Parameter[bool] = Parameter(
    "rotated",
    "query",
    "Whether the file is to stand as people turned the photograph.",
    {"type": "boolean", "default": False},
    _boolean,
    False,
)
CURSOR: Parameter[str | None] = Parameter(
    "cursor",
    "query",
    "`next` of the page before; leave it out for the first page.",
    {"type": "string", "maxLength": CURSOR_LENGTH},
    _printable(CURSOR_LENGTH),
)
BEFORE: Parameter[int | None] = Parameter(
    "before",
    "query",
    "Only records before this position: `next` of the page before.",
    {"type": "integer", "minimum": 1},
    _whole(1, 10**POSITION_DIGITS - 1),
)
IF_MATCH: Parameter[int | None] = Parameter(
    "If-Match",
    "header",
    "The ETag of what is changed, as it was given; needed, so that no change of somebody else's is overwritten unseen.",
    {"type": "string"},
    _version,
)
IDEMPOTENCY_KEY: Parameter[str | None] = Parameter(
    "Idempotency-Key",
    "header",
    "Makes repeating the request harmless: the same key with the same body gets the first answer again.",
    {"type": "string", "maxLength": KEY_LENGTH},
    _printable(KEY_LENGTH),
)

NEEDED_IDEMPOTENCY_KEY: Parameter[str] = Parameter(
    "Idempotency-Key",
    "header",
    "Needed, since what is asked for adds up: the same key with the same body has one effect.",
    {"type": "string", "maxLength": KEY_LENGTH},
    _printable(KEY_LENGTH),
    required=True,
)


def version_of(request: Request) -> int:
    """The version that a change is made to. Refused as `if_match_required`."""
    version = IF_MATCH.of(request)
    if version is None:
        raise Refused("if_match_required")
    return version


def idempotency_key_of(request: Request) -> str:
    """The client's key; without one, one of ours makes repeats between us and the owner safe."""
    return IDEMPOTENCY_KEY.of(request) or f"gateway-{uuid4()}"
