"""Speed, each figure beside its yardstick in the same run, on one core.

Batches against `jieba.lcut` alone, one message against a plain scikit-learn pipeline, waking up against
`jieba.initialize()` with a warm cache, a whole training against one TfidfVectorizer over jieba. Both
sides take turns; what happens inside the process is counted in its own seconds of work.
"""

from __future__ import annotations

import logging
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from language.common import WORDS, Data, busy_seconds, heading, seconds, tell
from nlp.corpus import Row
from nlp.reader import Reader
from nlp.train import train_model

BATCHES = (64, 512)
ROUNDS = 3
TEXTS = 4000
LEAST_OF_JIEBA, MOST_OF_PIPELINE, MOST_OF_WAKING, MOST_OF_TFIDF = 1.0, 0.5, 5.0, 60.0
MOST_MEGABYTES = 400
READY_WITHIN = 60.0

_JIEBA = "import jieba, logging; jieba.setLogLevel(logging.ERROR); jieba.initialize()"
_TIMED = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"
_OURS = (
    "from pathlib import Path; from bot.taxonomy_file import load_taxonomy; "
    "from nlp.reader import Reader; Reader.load(Path({folder!r}), load_taxonomy()).read(['路灯坏了'])"
)


def measure(reader: Reader, folder: Path, data: Data, trained_in: float | None) -> None:
    """All of it. `trained_in`: seconds of a training just made, else one is made now."""
    from threadpoolctl import threadpool_limits

    heading("speed on one core, beside jieba and scikit-learn in the same run")
    texts = [row.text for row in data.rows[:: max(1, len(data.rows) // TEXTS)]][:TEXTS]
    texts += data.chatter[:TEXTS]
    with threadpool_limits(1):
        _in_batches(reader, texts)
        _one_message(reader, texts, data.requests)
        _waking(folder)
        _training(data, trained_in)
    _memory(folder)


def _in_batches(reader: Reader, texts: Sequence[str]) -> None:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    _read_all(reader, texts[:200], BATCHES[0])
    took: dict[int, list[float]] = {0: [], **{size: [] for size in BATCHES}}
    for _ in range(ROUNDS):
        took[0].append(busy_seconds(lambda: [jieba.lcut(text) for text in texts]))
        for size in BATCHES:
            took[size].append(busy_seconds(partial(_read_all, reader, texts, size)))
    cut = min(took.pop(0))
    tell("jieba.lcut alone", f"{len(texts) / cut:.0f} messages/s")
    for size, rounds in took.items():
        ratio = cut / min(rounds)
        said = f"{len(texts) / min(rounds):.0f} messages/s, × {ratio:.2f}"
        wanted = f"× ≥ {LEAST_OF_JIEBA:g}"
        tell(f"full reading, batches of {size}", said, wanted, ratio >= LEAST_OF_JIEBA)


def _read_all(reader: Reader, texts: Sequence[str], size: int) -> None:
    for start in range(0, len(texts), size):
        reader.read(texts[start : start + size])


def _one_message(reader: Reader, texts: Sequence[str], requests: Sequence[Row]) -> None:
    plain = _plain_pipeline(requests)
    ours, theirs = [], []
    for text in texts[:: max(1, len(texts) // 500)]:
        ours.append(busy_seconds(partial(reader.read, [text])))
        theirs.append(busy_seconds(partial(plain.predict, [text])))
    mine = statistics.median(ours)
    ratio = mine / statistics.median(theirs)
    said = f"{mine * 1e3:.2f} ms, × {ratio:.2f} of a pipeline"
    tell("one message, median", said, f"× ≤ {MOST_OF_PIPELINE:g}", ratio <= MOST_OF_PIPELINE)


def _plain_pipeline(requests: Sequence[Row]) -> Any:
    """jieba + TfidfVectorizer + LogisticRegression, learned from some of the same lines."""
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    some = requests[:: max(1, len(requests) // 2000)]
    vectoriser = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    plain = make_pipeline(vectoriser, LogisticRegression(max_iter=300))
    return plain.fit([row.text for row in some], [row.label[:2] for row in some])


def _waking(folder: Path) -> None:
    """From a fresh interpreter to the first answer: inside the process, and as a command."""
    command = [sys.executable, "-m", "bot", "classify", "--model", str(folder)]
    line = '{"id": 1, "text": "路灯坏了"}\n'.encode()
    code = _OURS.format(folder=str(folder))
    rounds = [
        (
            _inside(_JIEBA),
            _inside(code),
            seconds(lambda: _run([sys.executable, "-c", _JIEBA], b"")),
            seconds(lambda: _run(command, line)),
        )
        for _ in range(ROUNDS)
    ]
    jieba, ours, python, classify = (min(column) for column in zip(*rounds, strict=True))
    wanted = f"× ≤ {MOST_OF_WAKING:g}"
    tell("jieba.initialize(), warm cache", f"{jieba:.2f} s with its import")
    said = f"{ours:.2f} s, × {ours / jieba:.1f}"
    tell("imports, loading, first answer", said, wanted, ours / jieba <= MOST_OF_WAKING)
    said = f"{classify:.2f} s, × {classify / python:.1f} of python with jieba"
    tell("huying classify, one line", said, wanted, classify / python <= MOST_OF_WAKING)


def _inside(code: str) -> float:
    return float(_run([sys.executable, "-c", _TIMED.format(code)], b"").split()[-1])


def _run(command: Sequence[str], given: bytes) -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def _training(data: Data, trained_in: float | None) -> None:
    import jieba
    from sklearn.feature_extraction.text import TfidfVectorizer

    if trained_in is None:
        with tempfile.TemporaryDirectory() as out:
            trained_in = busy_seconds(
                lambda: train_model(data.rows, Path(out), data.taxonomy, WORDS)
            )
    texts = [row.text for row in data.rows]
    plain = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    theirs = busy_seconds(lambda: plain.fit_transform(texts))
    said = f"{trained_in:.0f} s, × {trained_in / theirs:.0f} of one TfidfVectorizer"
    wanted = f"× ≤ {MOST_OF_TFIDF:g}"
    tell("full training", said, wanted, trained_in / theirs <= MOST_OF_TFIDF)


def _memory(folder: Path) -> None:
    """Resident memory of a real server that has just said it is ready."""
    with tempfile.TemporaryDirectory() as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        settings = {"HOME": home, "MODEL": str(folder), "LISTEN": f"127.0.0.1:{port}"}
        environment = os.environ | {f"HUYING_{name}": value for name, value in settings.items()}
        server = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/ready", server)
            megabytes = _resident(server.pid)
        finally:
            server.terminate()
            server.wait(30)
    wanted = f"≤ {MOST_MEGABYTES} MB"
    tell("memory of a serving process", f"{megabytes:.0f} MB", wanted, megabytes <= MOST_MEGABYTES)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("bench: the server did not become ready; try `huying serve` by hand")


def _resident(pid: int) -> float:
    """Megabytes, as Linux tells."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
