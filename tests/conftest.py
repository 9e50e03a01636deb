"""What every test shares: no network beyond this machine, an offline model, quiet threads."""

import ipaddress
import os
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.chromium import chromium as chromium  # a fixture: it must be one for all folders

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A busy machine is no failure: how long one example takes is not what these tests are about.
settings.register_profile("passerelle", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("passerelle")

_connect = socket.socket.connect


def _is_here(address: Any) -> bool:
    """A Unix socket or a loopback address."""
    if not isinstance(address, tuple):
        return True
    host = address[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would leave this machine fails, naming where it wanted to go."""

    def connect(self: socket.socket, address: Any) -> None:
        if not _is_here(address):
            raise AssertionError(f"a test tried to leave this machine, for {address!r}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
