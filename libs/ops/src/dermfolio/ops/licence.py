"""`python -m dermfolio.ops licence keygen|issue|verify|show`: licences, for vendors and operators (LIC-1). All but
`show` work offline. They end with 0 when the licence lets photographs be added, 1 when it does not, 2 when that could
not be found out or what was asked for could not be done.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from uuid import uuid4

from dermfolio.common.licences import LIMIT_BYTES, Licence, UnusableError, issue, judged, read
from dermfolio.common.note_keys import SigningKey, VerifierKey
from dermfolio.common.settings import load
from dermfolio.contracts.licence import GetLicence
from dermfolio.contracts.messages import now
from dermfolio.contracts.views.licence import SENTENCES, UPLOADS, LicenceView, Profile
from dermfolio.ops.asking import NotAnsweredError, OperatorSettings, answered, asked

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

USABLE, UNUSABLE, NOT_DONE = 0, 1, 2
OWN_EYES = 0o077
KEY_LIMIT_BYTES = 1024
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def add_parser(commands: "Commands") -> None:
    """Add `licence …` to the commands; `run` of the parsed arguments carries it out."""
    licence = commands.add_parser("licence", help="issue, verify and show licences")
    these = licence.add_subparsers(metavar="COMMAND", required=True)
    keygen = these.add_parser(
        "keygen", help="make a vendor's key pair: the private key into a file, the public one shown"
    )
    keygen.add_argument("file", type=Path, help="where the private key goes; it must not exist")
    keygen.add_argument("--name", required=True, help="of the key, such as licences.vendor.example-2026")
    _carried_out(keygen, _keygen)
    made = these.add_parser("issue", help="sign a licence")
    made.add_argument("file", type=Path, help="where the licence goes; it must not exist")
    made.add_argument("--key", type=Path, required=True, metavar="FILE", help="the vendor's private key")
    made.add_argument("--licensee", required=True, help="whose installation it is")
    made.add_argument("--profile", choices=get_args(Profile), default="production", help="(default %(default)s)")
    made.add_argument("--sites", type=_sites, required=True, help="how many there may be, or 'unlimited'")
    made.add_argument(
        "--from", dest="valid_from", type=_moment(time.min), help="a day, or a moment in UTC (default: now)"
    )
    made.add_argument(
        "--until", dest="valid_until", type=_moment(time(23, 59, 59)), required=True, help="the last day, or a moment"
    )
    _carried_out(made, _issue)
    verify = these.add_parser("verify", help="say whether a licence file is usable now")
    verify.add_argument("file", type=Path)
    verify.add_argument("--key", required=True, help="the vendor's public key, as keygen showed it")
    verify.add_argument("--profile", choices=get_args(Profile), default="production", help="(default %(default)s)")
    _carried_out(verify, _verify)
    show = these.add_parser("show", help="ask the running installation for its licence")
    _carried_out(show, _show)


def _carried_out(command: argparse.ArgumentParser, do: Callable[[argparse.Namespace], int]) -> None:
    def run(chosen: argparse.Namespace) -> int:
        try:
            return do(chosen)
        except (OSError, ValueError) as error:
            print(f"Not done: {error}", file=sys.stderr)
            return NOT_DONE

    command.set_defaults(run=run)


def _keygen(chosen: argparse.Namespace) -> int:
    key = SigningKey(chosen.name, os.urandom(32))
    VerifierKey.parse(str(key.public))  # before anything is written: the name may not do
    _create(chosen.file, key.text().encode(), 0o600)
    print(f"The private key is in {chosen.file}: keep it secret, and a copy of it safe.")
    print("Installations believe its licences with this setting:")
    print(f"DERMFOLIO_LICENCE_KEYS='[\"{key.public}\"]'")
    return USABLE


def _issue(chosen: argparse.Namespace) -> int:
    key = _signing_key(chosen.key)
    moment = now().replace(microsecond=0)
    licence = Licence(
        id=uuid4(),
        licensee=chosen.licensee,
        profile=chosen.profile,
        sites=chosen.sites,
        valid_from=chosen.valid_from or moment,
        valid_until=chosen.valid_until,
        issued_at=moment,
    )
    if licence.valid_until <= moment:
        raise ValueError("the licence would have ended already; choose a later --until")
    _create(chosen.file, issue(licence, key), 0o644)
    print(f"{chosen.file}: licence {licence.id}, signed by {key.public.id}.")
    return USABLE


def _verify(chosen: argparse.Namespace) -> int:
    key = VerifierKey.parse(chosen.key)
    with chosen.file.open("rb") as file:
        content = file.read(LIMIT_BYTES + 1)
    try:
        licence = read(content, [key])
    except UnusableError as error:
        print(SENTENCES[error.reason])
        return UNUSABLE
    for line in _lines(licence.licensee, licence.profile, licence.sites, licence.valid_from, licence.valid_until):
        print(line)
    print(f"Licence: {licence.id}, issued {_written(licence.issued_at)}, signed by {licence.key}.")
    reason = judged(licence, chosen.profile, now())
    print(SENTENCES[reason])
    return USABLE if reason in UPLOADS else UNUSABLE


def _show(_: argparse.Namespace) -> int:
    try:
        view = answered(asked(load(OperatorSettings), GetLicence()))
    except NotAnsweredError as error:
        print(f"The installation could not be asked: {error}", file=sys.stderr)
        return NOT_DONE
    for line in _shown(view):
        print(line)
    return USABLE if view.uploads_allowed else UNUSABLE


def _shown(view: LicenceView) -> Sequence[str]:
    lines = [f"State: {view.state}. {view.message}"]
    if view.details is not None and view.valid_until is not None:
        said = view.details
        lines += _lines(said.licensee, said.profile, said.sites_allowed, said.valid_from, view.valid_until)
        lines.append(f"Licence: {said.id}, issued {_written(said.issued_at)}, signed by {said.key}.")
    return [*lines, f"Sites in use: {view.sites_used}."]


def _lines(
    licensee: str, profile: str, sites: int | None, valid_from: datetime, valid_until: datetime
) -> Sequence[str]:
    return [
        f"Licensee: {licensee}.",
        f"For: {profile}, {'any number of' if sites is None else sites} sites.",
        f"Valid from {_written(valid_from)} until {_written(valid_until)}.",
    ]


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _signing_key(file: Path) -> SigningKey:
    """The vendor's key. Raises OSError, or ValueError for a key that others can read or that is not random."""
    if file.stat().st_mode & OWN_EYES:
        raise ValueError(f"others may read {file}: make it yours alone with 'chmod 600 {file}'")
    with file.open() as opened:
        return SigningKey.parse(opened.read(KEY_LIMIT_BYTES))


def _create(file: Path, content: bytes, mode: int) -> None:
    """Write a file that must not exist. Raises OSError."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
        opened.write(content)


def _sites(text: str) -> int | None:
    return None if text == "unlimited" else int(text)


def _moment(of_day: time) -> Callable[[str], datetime]:
    """Reads a moment in UTC; of a day alone, this time of it."""

    def moment(text: str) -> datetime:
        read_as = datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            read_as = datetime.combine(read_as.date(), of_day)
        return read_as.replace(tzinfo=read_as.tzinfo or UTC)

    return moment
