"""Tokens that cookies carry: random, and known here by their SHA-256 only."""

import hashlib

TOKEN_BYTES = 32


def token_sha256(token: str) -> str:
    """What identity keeps of a cookie's token."""
    return hashlib.sha256(token.encode()).hexdigest()
