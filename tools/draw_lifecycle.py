"""Draws `docs/lifecycle.md` from the tables in `intake/lifecycle.py`.

The law of this file: the picture has no fact of its own. Run it after changing a table; a test compares
the file with what this would write.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from intake.lifecycle import (
    ACTION_NAMES,
    OVER,
    STATE_NAMES,
    TABLES,
    Action,
    CaseKind,
    State,
)

TARGET = Path(__file__).resolve().parent.parent / "docs" / "lifecycle.md"

HEAD = """# The life of a case

Drawn by `tools/draw_lifecycle.py` from the tables in `intake/lifecycle.py`; do not edit it by hand.
A case changes its state only along these arrows. Every other action is refused, leaves the case
untouched, and whoever tried is told in one sentence. Every step leaves a row in the case's timeline.
"""
TITLES = {
    CaseKind.REQUEST: "Requests (诉求)",
    CaseKind.WISH: "Wishes (微心愿)",
}


def page() -> str:
    """The whole file."""
    parts = [HEAD]
    for kind, title in TITLES.items():
        parts += [f"## {title}\n", picture(kind), "", stays(kind), ""]
    parts += ["## The words\n", words()]
    return "\n".join(parts).rstrip() + "\n"


def picture(kind: CaseKind) -> str:
    """A mermaid state diagram: one arrow for each pair of states, with all actions that lead along."""
    arrows: dict[tuple[State, State], list[Action]] = {}
    for (state, action), to in TABLES[kind].items():
        if to is not state:
            arrows.setdefault((state, to), []).append(action)
    used = {state for pair in arrows for state in pair}
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {STATE_NAMES[state]} {state}" for state in State if state in used]
    lines.append(f"    [*] --> {State.DRAFT}")
    lines += [
        f"    {state} --> {to}: {'、'.join(ACTION_NAMES[action] for action in actions)}"
        for (state, to), actions in arrows.items()
    ]
    ends = [s for s in State if s in used and s in OVER and not any(a == s for a, _ in arrows)]
    lines += [f"    {state} --> [*]" for state in ends]
    return "\n".join([*lines, "```"])


def stays(kind: CaseKind) -> str:
    """What may be done without leaving a state."""
    kept: dict[State, list[Action]] = {}
    for (state, action), to in TABLES[kind].items():
        if to is state:
            kept.setdefault(state, []).append(action)
    rows = ["What may be done without leaving a state:", "", "| state | actions |", "|---|---|"]
    rows += [
        f"| {STATE_NAMES[state]} `{state}` | "
        + ", ".join(f"{ACTION_NAMES[action]} `{action}`" for action in actions)
        + " |"
        for state, actions in sorted(kept.items(), key=lambda pair: list(State).index(pair[0]))
    ]
    return "\n".join(rows)


def words() -> str:
    """Which English word stands for which Chinese one."""
    rows = ["| state | in code | | action | in code |", "|---|---|---|---|---|"]
    states, actions = list(State), list(Action)
    for index in range(max(len(states), len(actions))):
        state = states[index] if index < len(states) else None
        action = actions[index] if index < len(actions) else None
        left = f"{STATE_NAMES[state]} | `{state}`" if state else " | "
        right = f"{ACTION_NAMES[action]} | `{action}`" if action else " | "
        rows.append(f"| {left} | | {right} |")
    return "\n".join(rows)


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(page(), encoding="utf-8")
    print(f"{TARGET.name}: drawn")
