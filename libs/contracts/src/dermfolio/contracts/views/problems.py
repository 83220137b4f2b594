"""Errors as the API shows them (RFC 9457)."""

from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """One thing to correct."""

    loc: str = Field(description="Where: e.g. 'body.unique_id', 'query.limit', 'header.Content-Disposition'.")
    msg: str = Field(description="What is wrong with it. Never repeats what was sent.")


class ProblemView(BaseModel):
    """Why a request was not done. Some problems carry further members: ids and codes."""

    model_config = ConfigDict(extra="allow")
    type: str = Field(description="URI of the kind of problem; stable across versions.")
    title: str
    status: int
    detail: str = Field(description="A sentence to act on.")
    code: str = Field(description="The kind of problem, for programs.")
    request_id: str = Field(description="Names this request in logs and in the audit trail; also in X-Request-Id.")
    errors: list[Fault] | None = Field(None, description="With 'invalid_request': what to correct.")
