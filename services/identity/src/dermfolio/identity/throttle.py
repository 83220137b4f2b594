"""Guesses are counted before they are looked at, per account and per address, where all replicas see it (ORG-3).

A count drains with time. Once it is full, each further failure makes the next attempt wait, twice as long as the one
before. Waits that grow, up to an hour, are what NIST SP 800-63B-4 (3.2.2) suggests; its lock after 100 failures in a
row is not taken over, because a lock that somebody else has to open lets anybody shut out anybody (OWASP
Authentication Cheat Sheet, "Account Lockout"): an account that is under attack takes a guess an hour. For the same
reason failures in a trusted browser count for themselves (OWASP, "Slow Down Online Guessing Attacks with Device
Cookies"). Logins that do not exist are counted alike.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from uuid import UUID

from dermfolio.common.db import WriteSession
from dermfolio.identity import guard_repository
from dermfolio.identity.keyring import Keyring


@dataclass(frozen=True)
class Rule:
    """How many failures are free, how long those beyond have to wait, how soon one failure is forgotten."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    drains: timedelta

    def level(self, level: float, at: datetime, moment: datetime) -> float:
        """What is left of a count some time later."""
        return max(0.0, level - max(timedelta(), moment - at) / self.drains)

    def wait(self, level: float, at: datetime, moment: datetime) -> timedelta:
        """How long the next attempt has to wait."""
        beyond = math.ceil(level) - self.free
        if beyond < 0:
            return timedelta()
        whole = self.longest_wait if beyond > _MOST_DOUBLINGS else self.first_wait * 2**beyond
        return max(timedelta(), at + min(whole, self.longest_wait) - moment)


_MOST_DOUBLINGS = 16

ACCOUNT = Rule(5, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=1))
"""Five wrong ones, then 1, 2, 4 … 60 minutes."""

ADDRESS = Rule(100, timedelta(seconds=9), timedelta(minutes=15), timedelta(seconds=9))
"""A whole clinic shares an address: a hundred in a quarter of an hour, again and again."""

KEPT = timedelta(days=2)
"""A count that was not touched for so long has drained."""

_IPV6_NETWORK = 64
"""A household or an office is given a network of this length; its addresses are one."""


@dataclass(frozen=True)
class Counted:
    """Something that guesses are counted for. The name says nothing to who reads the table."""

    name: str
    rule: Rule


def account(keyring: Keyring, login: str) -> Counted:
    """Sign-ins under a login, whether or not it exists."""
    return Counted(keyring.digest("account", login.lower()), ACCOUNT)


def device(keyring: Keyring, trusted: UUID) -> Counted:
    """Sign-ins of its owner in a trusted browser."""
    return Counted(keyring.digest("device", str(trusted)), ACCOUNT)


def confirming(keyring: Keyring, user: UUID) -> Counted:
    """What a signed-in user confirms: not counted with the sign-ins, which anybody can make fail."""
    return Counted(keyring.digest("confirming", str(user)), ACCOUNT)


def address(keyring: Keyring, text: str | None) -> list[Counted]:
    """Sign-ins from an address; none where it is not known."""
    return [] if text is None else [Counted(keyring.digest("address", _network(text)), ADDRESS)]


async def count(s: WriteSession, counted: Sequence[Counted]) -> int | None:
    """Count an attempt before it is looked at. Returns the seconds to wait when it must not be looked at; then it was
    not counted.
    """
    found = [(one, await guard_repository.lock_count(s, one.name)) for one in counted]
    waits = [one.rule.wait(level, at, moment) for one, (level, at, moment) in found]
    if any(waits):
        return math.ceil(max(waits).total_seconds())
    for one, (level, at, moment) in found:
        await guard_repository.set_count(s, one.name, one.rule.level(level, at, moment) + 1, moment)
    return None


async def forgive(s: WriteSession, counted: Sequence[Counted]) -> None:
    """Take an attempt back that was no failure."""
    for one in counted:
        await guard_repository.lower_count(s, one.name)


async def forget(s: WriteSession, counted: Counted) -> None:
    """Begin anew: who knows the secret does not have to guess."""
    await guard_repository.drop_count(s, counted.name)


def _network(text: str) -> str:
    try:
        known = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or int(known) >> (128 - _IPV6_NETWORK))
    return str(known)
