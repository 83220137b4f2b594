"""Ports for servers."""

import socket
from pathlib import Path

from dermfolio.local.servers.ports import HOST, free_ports, is_free, next_free


def test_they_are_different_free_and_never_given_to_outgoing_connections():
    ports = free_ports(50)
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert len(set(ports)) == 50
    assert all(is_free(port) and port < lowest for port in ports)


def test_a_port_in_use_is_passed_over():
    with socket.create_server((HOST, free_ports(1)[0])) as server:
        taken = server.getsockname()[1]
        assert not is_free(taken)
        assert next_free(taken) > taken
