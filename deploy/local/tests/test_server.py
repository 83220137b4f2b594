"""What all embedded servers have in common."""

import socket
from pathlib import Path

import pytest

from dermfolio.local.servers.nats_server import NatsServer
from dermfolio.local.servers.ports import HOST, free_ports
from dermfolio.local.servers.server import ServerError


def test_takes_other_ports_when_a_stranger_is_faster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    server = NatsServer(tmp_path / "nats", passwords={"setup": "a-password"})
    with socket.create_server((HOST, free_ports(1)[0])) as stranger:
        taken = stranger.getsockname()[1]
        offers = iter([[taken], [taken], free_ports(1)])
        monkeypatch.setattr(server, "choose_ports", lambda: next(offers))
        server.start()
        assert server.port != taken
        server.stop()


def test_returns_to_the_ports_of_last_time_unless_they_are_taken(tmp_path: Path):
    def port_of_a_new_start() -> int:
        server = NatsServer(tmp_path / "nats", passwords={"setup": "a-password"})
        server.start()
        server.stop()
        return server.port

    usual = port_of_a_new_start()
    assert port_of_a_new_start() == usual
    with socket.create_server((HOST, usual)):
        assert port_of_a_new_start() != usual


def test_waits_for_its_port_once_clients_know_it(tmp_path: Path):
    server = NatsServer(tmp_path / "nats", passwords={"setup": "a-password"})
    server.start()
    usual = server.port
    server.stop()
    with socket.create_server((HOST, usual)), pytest.raises(ServerError, match="address already in use"):
        server.start(seconds=1)
    server.start()
    assert server.port == usual
    server.stop()


def test_does_not_mistake_a_stranger_on_its_port_for_itself(tmp_path: Path, nats: NatsServer):
    server = NatsServer(tmp_path / "nats", passwords={"setup": "another-password"})
    server._ports = [nats.port]
    assert not server.answers()
