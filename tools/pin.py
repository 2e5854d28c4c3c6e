"""Writes `constraints.txt`: the exact versions of everything that the project needs, as installed here.

Run it in a fresh environment after `pip install -e .[test]`, so that what was tested is what is pinned.
Only what follows from `pyproject.toml` is listed; whatever else lies about in the environment is not.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "huying"
EXTRAS = frozenset({"test"})
TARGET = Path(__file__).resolve().parent.parent / "constraints.txt"


def needed() -> dict[str, str]:
    """Name and version of every package that the project and its test extra lead to."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(PROJECT, EXTRAS)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = entry = waiting.pop()
        if entry in seen:
            continue
        seen.add(entry)
        package = distribution(name)
        if name != PROJECT:
            found[canonicalize_name(name)] = package.version
        for line in package.requires or ():
            requirement = Requirement(line)
            if _applies(requirement, extras):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def main() -> int:
    try:
        pins = needed()
    except PackageNotFoundError as error:
        print(f"{error}: make setup, then pip install -e .[test]", file=sys.stderr)
        return 2
    TARGET.write_text("".join(f"{n}=={v}\n" for n, v in sorted(pins.items())), encoding="utf-8")
    print(f"{TARGET.name}: {len(pins)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
