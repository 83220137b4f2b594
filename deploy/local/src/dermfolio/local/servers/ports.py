"""Free loopback ports for servers."""

import random
import socket
from pathlib import Path

HOST = "127.0.0.1"
_LOWEST = 10_000
_chance = random.SystemRandom()


def _below_ephemeral() -> int:
    """The first port the kernel hands to outgoing connections.

    Servers stay below it: while one is down, a client that reconnects for ever would sooner or later be given the very
    port it calls as its own, connect to itself, and keep the server from coming back.
    """
    return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_ports(count: int) -> list[int]:
    """`count` different ports that are free now; another process may still be faster, so callers retry."""
    ports: list[int] = []
    highest = max(_below_ephemeral(), _LOWEST + 5_000)
    while len(ports) < count:
        port = _chance.randrange(_LOWEST, highest)
        if port not in ports and is_free(port):
            ports.append(port)
    return ports


def next_free(first: int) -> int:
    """The first free port from `first` upwards."""
    port = first
    while not is_free(port):
        port += 1
    return port
