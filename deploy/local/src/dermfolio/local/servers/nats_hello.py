"""The first words of the NATS client protocol, enough to see that a server lets a user in."""

import json
import socket

from dermfolio.local.servers.ports import HOST

# https://docs.nats.io/reference/reference-protocols/nats-protocol


def lets_in(port: int, user: str, password: str) -> bool:
    """Whether a NATS server on the loopback `port` answers a PING of `user`; False as well if nothing answers."""
    options = {"user": user, "pass": password, "verbose": False, "pedantic": False, "lang": "python", "version": "1"}
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(b"CONNECT " + json.dumps(options).encode() + b"\r\nPING\r\n")
            with connection.makefile("rb") as lines:
                for line in lines:
                    if line.startswith((b"PONG", b"-ERR")):
                        return line.startswith(b"PONG")
    except OSError:
        return False
    return False
