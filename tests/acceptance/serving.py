"""A real `huying serve` in a process of its own, with a home of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from intake.grids import ChatRef, Purpose
from storage.store import Store, Tx

SECRET = "test-secret"
TOKEN = "1234:test"


def _bound(ref: ChatRef, grid: str, tx: Tx) -> None:
    tx.chats.bind(ref, grid, Purpose.RESIDENTS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """`start`, `kill` and `start` again: the home stays. `extra` are further HUYING_ settings."""

    home: Path
    extra: dict[str, str] = field(default_factory=dict)
    command: str = "serve"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("HUYING_")}
        own = {"HUYING_HOME": str(self.home), "HUYING_LISTEN": f"127.0.0.1:{self.port}"}
        return clean | own | self.extra

    def run(self, *arguments: str, code: int = 0) -> str:
        """Another command on the same home, which ends with `code`; its output."""
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    def bind(self, chats: Mapping[str, str]) -> None:
        """As `huying bind telegram CHAT GRID` does, for many groups of residents in one process."""
        with self.store() as store:
            for chat, grid in chats.items():
                ref = ChatRef("telegram", chat)
                store.write_now(partial(_bound, ref, grid))

    def start(self, within: float = 120.0) -> None:
        """Start and wait until it is ready. How long it takes is for a bench to say: a busy machine is no
        fault."""
        began = time.monotonic()
        log = (self.home / "serve.log").open("ab")
        command = [sys.executable, "-m", "bot", self.command]
        self.process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log)
        log.close()
        while time.monotonic() - began < within:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/ready", timeout=10) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"not ready: {(self.home / 'serve.log').read_text()[-3000:]}")

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    @contextmanager
    def store(self) -> Iterator[Store]:
        url = self.extra.get("HUYING_DATABASE", f"sqlite:///{self.home / 'huying.db'}")
        with Store.open(url, "looker") as store:
            yield store

    def metric(self, name: str) -> float:
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(f"{name} "):
                    return float(line.split()[1])
        raise AssertionError(f"no metric {name}")

    def drained(self, within: float = 240.0) -> None:
        """Wait until nothing waits in inbox or outbox."""
        end = time.monotonic() + within
        names = ("huying_inbox_pending", "huying_outbox_pending")
        while any(self.metric(name) for name in names):
            assert time.monotonic() < end, [(n, self.metric(n)) for n in names]
            time.sleep(0.1)
