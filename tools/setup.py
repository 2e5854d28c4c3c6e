"""Makes `.venv`, installs the project into it, and trains the model where none is up to date.

The law of this file: it may be repeated, and the second time nothing is done; it runs on whatever Python
`make` found, so it needs the standard library only and says in one sentence what is missing. A stamp in
`.venv` holds what was installed last; whatever that depends on (pyproject, constraints, place of the
checkout) is part of the stamp.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "huying-installed.json"
MODEL = ROOT / "training_data" / "model"
MADE_OF = VENV / "huying-model-made-of"
OLDEST = (3, 11)


def main(arguments: list[str]) -> int:
    extra = "test" if arguments[:1] == ["test"] else ""
    if sys.version_info < OLDEST:
        return fail(
            f"Huying needs Python 3.11 or newer; {sys.executable} is "
            f"{sys.version_info[0]}.{sys.version_info[1]}. Name another one: make setup PYTHON=python3.12"
        )
    return make_venv() or install(extra) or train()


def make_venv() -> int:
    if PYTHON.exists() and venv_works():
        return 0
    print("Making .venv ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], cwd=ROOT, check=False)
    if made.returncode == 0:
        return 0
    shutil.rmtree(VENV, ignore_errors=True)
    return fail(
        f"{sys.executable} cannot make a virtual environment (see above). On Debian and Ubuntu its "
        "venv module comes apart: apt-get install python3-venv, then run make again"
    )


def venv_works() -> bool:
    """Whether the Python in `.venv` runs, is new enough and has pip."""
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(PYTHON), "-c", probe], check=False).returncode == 0
    except OSError:
        return False


def install(extra: str) -> int:
    wanted = fingerprint()
    stamp = read_stamp()
    if stamp.get("of") == wanted and extra in stamp.get("extras", []):
        return 0
    what = f".[{extra}]" if extra else "."
    print(f"Installing {what} (a few minutes the first time) ...", flush=True)
    command = [
        *(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("-e", what, "-c", "constraints.txt"),
    ]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        return fail(
            "pip could not install what Huying needs (see above). Check the network to the package "
            "index, or name another index in PIP_INDEX_URL, and run make again"
        )
    known = stamp.get("extras", []) if stamp.get("of") == wanted else []
    extras = sorted({"", extra, *known})
    STAMP.write_text(json.dumps({"of": wanted, "extras": extras}), encoding="utf-8")
    return 0


def fingerprint() -> str:
    """Of everything that decides what an installation comes to."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def read_stamp() -> dict:
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def train() -> int:
    """Train where there is no model, or where what it was made of has changed since."""
    wanted = sources()
    if (MODEL / "manifest.json").exists() and read_text(MADE_OF) == wanted:
        return 0
    print("Training the model (two or three minutes, once) ...", flush=True)
    command = [str(PYTHON), "-m", "bot", "train", "--without-examples", "--out", str(MODEL)]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code == 0:
        MADE_OF.write_text(wanted, encoding="ascii")
    return code


def sources() -> str:
    """Of everything that a model is made of: the language part's code and the training data."""
    digest = hashlib.sha256()
    folders = (
        ROOT / "nlp",
        ROOT / "training_data" / "corpus",
        ROOT / "training_data" / "dictionaries",
    )
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in sorted([*files, ROOT / "training_data" / "taxonomy.yaml"]):
        if path.suffix in (".py", ".txt", ".tsv", ".yaml"):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def read_text(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.is_file() else ""


def fail(sentence: str) -> int:
    print(f"make: {sentence}.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
