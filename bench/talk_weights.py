"""Learns which case a line of a group is about: `python bench/talk_weights.py [FILE…] [--write]`.

Goes through recorded chats with the truth beside them (`gold_cases`), knows at each line what was told before
it, and learns by logistic regression what speaks for a case (`intake/fitting.py`). Prints how well chats
that were left out are told, and with `--write` writes `intake/fitting_weights.py`.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bot.cli.loading import load_reader
from bot.lanes import read_commands
from bot.replaying import commands_of
from bot.settings import load_settings
from bot.transcript import Spoken as Row
from bot.transcript import read_transcripts
from intake.cases import Case, Line, LineRole
from intake.commands import Said
from intake.fitting import Spoken, Told, figures
from intake.lifecycle import CaseKind, State
from intake.reading import Reading, Triage
from intake.taxonomy import Level, Taxonomy, Tier, Visibility
from nlp.reader import Reader
from nlp.talk_file import TALK

ROLES = {
    "supplement": LineRole.SUPPLEMENT,
    "plus_one": LineRole.PLUS_ONE,
    "chase": LineRole.CHASE,
    "resolved_self": LineRole.RESOLVED_SELF,
    "report_back": LineRole.REPORT_BACK,
    "claim": LineRole.CLAIM,
}
ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "intake" / "fitting_weights.py"
TRANSCRIPTS = ROOT / "tests" / "transcripts"
CORPUS = ROOT / "training_data" / "corpus"
LEARNED_FROM = f"writer_u[12].*{TALK}"
"""Those of one convention: u3 counts more of the gossip about a fault as belonging to it (decision 0024)."""
Model = tuple[DictVectorizer, LogisticRegression]
STRENGTH = 1.0
LEAST = 0.02
LEAN = 0.5
"""Added to the offset: it is learned where all that was said before is known rightly, and used where some of
it was not, which makes chances too modest (measured by replay, decision 0024)."""


class Example:
    """One line: what is weighed for each case, and which it is about."""

    def __init__(self, rows: list[dict[str, float]], right: list[bool]) -> None:
        self.rows, self.right = rows, right


def examples(file: Path, reader: Reader, taxonomy: Taxonomy, zone: tzinfo) -> list[Example]:
    """The lines of one chat, each with what was told before it."""
    gold = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    truth = {(str(one["group"]), str(one["id"])): one for one in gold}
    rows = read_transcripts([file], zone)
    commands = commands_of(rows)
    readings = read_commands(reader, commands, {})
    told: dict[str, Told] = {}
    lead: defaultdict[str, list[Line]] = defaultdict(list)
    behind: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    found = []
    for row, command in zip(rows, commands, strict=True):
        want = truth[row.chat, row.message]
        read = readings[id(command)]
        labels = want["gold_cases"]
        quoted = behind.get((row.chat, row.reply_to or ""), [None])[-1]
        spoken = Spoken(
            read[0],
            command.chat,
            command.sender.identity,
            row.role is not None,
            row.at,
            row.reply_to is not None,
            quoted,
        )
        known = [one for one in told.values() if one.case.grid == row.grid]
        if known and want["gold_kind"] not in ("wish",):
            weighed = figures(taxonomy, spoken, known)
            found.append(Example(weighed, [one.case.id in labels for one in known]))
        for label in labels:
            _tell(told, lead, label, row, command, want, read)
            behind[row.chat, row.message].append(label)
    return found


def _tell(
    told: dict[str, Told],
    lead: defaultdict[str, list[Line]],
    label: str,
    row: Row,
    command: Said,
    want: dict[str, Any],
    read: tuple[Reading, ...],
) -> None:
    """The line belongs to the case of this label."""
    opens = want["gold_kind"] in ("request", "wish", "emergency")
    if label not in told and not opens:
        lead[label].append(_hung(label, row, command, LineRole.SUPPLEMENT))
        return
    role = LineRole.OPENED if label not in told else ROLES.get(want["gold_kind"], LineRole.PLUS_ONE)
    if label not in told:
        told[label] = Told(_case(label, row, command, read), tuple(lead.pop(label, ())))
    one = told[label]
    case = one.case
    if role is LineRole.REPORT_BACK and case.taken_by is None:
        case = replace(case, taken_by=command.sender.identity)
    hung = _hung(label, row, command, role)
    names = tuple(dict.fromkeys((*one.names, row.name)))
    follows = one.followed_in | ({command.chat} if role is LineRole.PLUS_ONE else frozenset())
    told[label] = Told(case, (*one.lines, hung), names, frozenset(follows))


def _hung(label: str, row: Row, command: Said, role: LineRole) -> Line:
    who = command.sender.identity
    return Line(label, command.chat, row.message, who, role, row.text, row.media, row.at)


def _case(label: str, row: Row, command: Said, read: tuple[Reading, ...]) -> Case:
    reading = next((one for one in read if one.kind.asks), read[0])
    asked = reading if reading.kind.asks else reading.otherwise or reading
    return Case(
        id=label, grid=row.grid, number=1, kind=CaseKind.REQUEST, state=State.DISPATCHED,
        triage=Triage.AUTO, category=asked.category or asked.guesses[0].item[:2],
        item=asked.item or asked.guesses[0].item, level=Level.B, lead=None, co=(), tier=Tier.DEPARTMENT,
        visibility=Visibility.GROUP, emergency=reading.emergency, place=reading.place, said=row.text,
        title="", reporter=command.sender.identity, chat=command.chat, message=row.message,
        guesses=(), opened_at=row.at, respond_due=None, resolve_due=None,
    )  # fmt: skip


def learn(some: list[Example]) -> Model:
    vector = DictVectorizer()
    x = vector.fit_transform([row for one in some for row in one.rows])
    y = np.array([right for one in some for right in one.right])
    return vector, LogisticRegression(C=STRENGTH, max_iter=2000).fit(x, y)


def tally(model: Model, some: list[Example], least: float) -> np.ndarray:
    """Right, wrong and missed."""
    vector, machine = model
    counts = np.zeros(3)
    for one in some:
        chances = machine.predict_proba(vector.transform(one.rows))[:, 1]
        best = int(chances.argmax())
        taken = chances[best] >= least
        meant = any(one.right)
        counts += (
            taken and one.right[best],
            taken and not one.right[best],
            meant and not (taken and one.right[best]),
        )
    return counts


def main(arguments: list[str]) -> None:
    settings = load_settings()
    reader, taxonomy = load_reader(settings)
    named = [Path(name) for name in arguments if not name.startswith("-")]
    files = named or [*sorted(TRANSCRIPTS.glob("*.jsonl")), *sorted(CORPUS.glob(LEARNED_FROM))]
    by_file = {file: examples(file, reader, taxonomy, settings.zone) for file in files}
    levels = (0.3, 0.4, 0.5, 0.6, 0.7)
    counts = {level: np.zeros(3) for level in levels}
    for file in files:
        rest = list(itertools.chain(*(some for other, some in by_file.items() if other != file)))
        model = learn(rest)
        line = []
        for level in levels:
            one = tally(model, by_file[file], level)
            counts[level] += one
            line.append(
                f"{one[0] / max(1, one[0] + one[1]):.2f}/{one[0] / max(1, one[0] + one[2]):.2f}"
            )
        print(f"{file.stem:<20}", *line)
    print(
        f"{'left out':<20}",
        *(f"{c[0] / (c[0] + c[1]):.3f}/{c[0] / (c[0] + c[2]):.3f}" for c in counts.values()),
    )
    if "--write" in arguments:
        vector, machine = learn(list(itertools.chain(*by_file.values())))
        write(
            dict(zip(vector.get_feature_names_out(), machine.coef_[0], strict=True)),
            machine.intercept_[0] + LEAN,
        )


def _rates(count: np.ndarray) -> str:
    """Precision / recall."""
    right, wrong, missed = count
    return f"{right / max(1, right + wrong):.2f}/{right / max(1, right + missed):.2f}"


def write(weights: dict[str, float], offset: float) -> None:
    rows = [f'    "{n}": {w:.2f},' for n, w in sorted(weights.items()) if abs(w) >= LEAST]
    text = (
        '"""What speaks for a case, learned by `bench/talk_weights.py`; not to be edited by hand."""\n\n'
        f"OFFSET = {offset:.2f}\n\nWEIGHTS: dict[str, float] = {{\n" + "\n".join(rows) + "\n}\n"
    )
    WRITTEN.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
