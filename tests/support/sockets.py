"""To whom a set of processes is connected, and where it listens, as the kernel tells it."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LISTENS = "0A"  # TCP_LISTEN of the kernel
EVERY = 0.1  # seconds; a call that finds nobody, or says anything, takes longer


class Watch:
    """Looks again and again, in a thread; `strangers` are the addresses outside this machine."""

    def __init__(self, pids: Callable[[], Iterable[int]]) -> None:
        self._pids, self._stop = pids, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.strangers: set[str] = set()
        self.insiders = 0

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            inodes = {inode for pid in [*self._pids()] for inode in _sockets(pid)}
            for address in _remotes(inodes):
                if address.is_loopback:
                    self.insiders += 1
                elif not address.is_unspecified:  # that is one who only listens
                    self.strangers.add(str(address))


def listening(pids: Iterable[int]) -> set[Address]:
    """The addresses at which one of the processes takes TCP connections."""
    inodes = {inode for pid in pids for inode in _sockets(pid)}
    rows = _rows(inodes, ("tcp", "tcp6"))
    return {_address(row[1].partition(":")[0]) for row in rows if row[3] == LISTENS}


def with_children(pid: int) -> list[int]:
    """A process, the ones that it started, and those that they started."""
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, task.read_text().split()):
                found += with_children(child)
    return found


def _sockets(pid: int) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                target = os.readlink(f"/proc/{pid}/fd/{name}")
                if target.startswith("socket:["):
                    found.add(target[8:-1])
    return found


def _remotes(inodes: set[str]) -> Iterable[Address]:
    for row in _rows(inodes, ("tcp", "tcp6", "udp", "udp6")):
        yield _address(row[2].partition(":")[0])


def _rows(inodes: set[str], tables: Iterable[str]) -> Iterable[list[str]]:
    """The kernel's lines on these sockets: [1] is their own address, [2] the other's, [3] state."""
    for table in tables:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                row = line.split()
                if row[9] in inodes:
                    yield row


def _address(raw: str) -> Address:
    """The kernel writes an address in words of four bytes, each in the machine's own order."""
    words = [int(raw[at : at + 8], 16) for at in range(0, len(raw), 8)]
    packed = struct.pack(f"={len(words)}I", *words)
    kind = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    address = ipaddress.ip_address(socket.inet_ntop(kind, packed))
    return getattr(address, "ipv4_mapped", None) or address
