"""Signing in to a running system from a terminal, for commands that use the public API."""

import argparse
import getpass
import os
from collections.abc import Callable

from dermfolio.contracts.views.identity import SessionView
from dermfolio.ops.api_client import Api

FIRST_ADMIN = "admin"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Where the system is, and who signs in."""
    command.add_argument(
        "--at", default="http://127.0.0.1:8000", metavar="URL", help="the system (default %(default)s)"
    )
    command.add_argument(
        "--login", default=os.environ.get("DERMFOLIO_LOGIN", FIRST_ADMIN), help="(default %(default)s)"
    )


def password_of(login: str) -> str:
    """From DERMFOLIO_PASSWORD, or typed."""
    return os.environ.get("DERMFOLIO_PASSWORD") or getpass.getpass(f"Password of {login}: ")


def chosen_password() -> str:
    """A password to use from now on, from DERMFOLIO_NEW_PASSWORD or typed by its owner."""
    new = os.environ.get("DERMFOLIO_NEW_PASSWORD") or getpass.getpass("This password is for one use. New password: ")
    if "DERMFOLIO_NEW_PASSWORD" not in os.environ and getpass.getpass("Once more: ") != new:
        raise SystemExit("These were two different passwords; nothing was changed.")
    return new


async def sign_in(api: Api, login: str, password: str, choose_password: Callable[[], str]) -> SessionView:
    """Open a session; a password for one use is changed to what is chosen. Raises ApiProblem."""
    session = await api.sign_in(login, password)
    if session.password_change_required:
        await api.change_password(password, choose_password())
    return await api.get_session()
