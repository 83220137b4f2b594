"""Turning photographs, as the API takes it (POOL-13)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class NewRotation(BaseModel):
    """How far a photograph is to be turned from how it is wanted to stand by now."""

    model_config = ConfigDict(extra="forbid")
    quarter_turns: Literal[1, 2, 3] = Field(description="Clockwise. Turns that are asked for one by one add up.")
