"""Errors, sorted by what the receiver should do about them."""

from typing import Any

from dermfolio.contracts.problems import PROBLEMS, Problem


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The request was understood and is answered with a problem of the catalogue.

    `facts` are extra members of the problem document: ids and codes only.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.problem: Problem = PROBLEMS[code]
        self.facts = facts

    @property
    def code(self) -> str:
        """The stable code of the problem."""
        return self.problem.code


class Unavailable(Exception):  # noqa: N818
    """Database, store, bus or another service is not reachable: try again later, without limit."""
