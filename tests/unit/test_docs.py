"""What is written about the code is true of the code."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest

from bot.cli.main import COMMANDS, huying
from bot.settings import Settings
from intake.people import Role

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_of_the_life_cycle_is_up_to_date() -> None:
    drawn = tool("draw_lifecycle").page()
    written = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    assert written == drawn, "run: python tools/draw_lifecycle.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "#")):
            continue
        assert (page.parent / target.partition("#")[0]).exists(), target


def test_every_command_is_found() -> None:
    context = click.Context(huying)
    found = {name: huying.get_command(context, name) for name in COMMANDS}
    assert {name for name, command in found.items() if command and command.name == name} == set(
        found
    )


@pytest.mark.parametrize("page", READMES, ids=lambda path: path.name)
def test_every_command_setting_and_role_is_in_the_readme(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    settings = {f"HUYING_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in settings if f"`{name}`" not in text} == set()
    assert {name for name in COMMANDS if not re.search(rf"`{name}[ `]", text)} == set()
    assert {role for role in Role if f"`{role}`" not in text} == set()


@pytest.mark.parametrize("page", READMES, ids=lambda path: path.name)
def test_the_readme_names_no_command_or_setting_that_is_not_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    settings = {f"HUYING_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"HUYING_[A-Z_]+", text)) - settings - {"HUYING_"} == set()
    named = set(re.findall(r"\bhuying ([a-z][a-z-]+)", text))
    assert named - set(COMMANDS) == set()


def test_the_readmes_link_to_each_other_in_line_one() -> None:
    english, chinese = (page.read_text(encoding="utf-8").split("\n")[0] for page in READMES)
    assert "(README.zh-CN.md)" in english
    assert "(README.md)" in chinese


def test_the_readmes_have_the_same_parts() -> None:
    """Chinese is complete in itself: as many headings and table rows as English."""
    english, chinese = (page.read_text(encoding="utf-8").split("\n") for page in READMES)
    for mark in ("## ", "| ", "```", "1. ", "6. "):
        counts = [sum(line.startswith(mark) for line in page) for page in (english, chinese)]
        assert counts[0] == counts[1], mark


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = project["dependencies"] + project["optional-dependencies"]["test"]
    page = (ROOT / "docs/decisions/0004-dependencies.md").read_text(encoding="utf-8")
    names = [re.split(r"[\[<>=! ]", line)[0] for line in needed]
    assert [name for name in names if name not in page] == []


def test_the_constraints_are_plain_pins_of_what_is_needed() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][\w.+]*", line) for line in lines)
    names = [line.split("==")[0] for line in lines]
    assert names == sorted(set(names))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = project["dependencies"] + project["optional-dependencies"]["test"]
    wanted = {re.split(r"[\[<>=! ]", line)[0].lower().replace("_", "-") for line in needed}
    assert wanted - set(names) == set(), "run: python tools/pin.py"


def test_make_says_what_it_can_do() -> None:
    help_text = subprocess.run(
        ["make", "-s", "help", f"PYTHON={sys.executable}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M)) - {"help", "python"}
    assert {target for target in targets if f"make {target}" not in help_text} == set()
