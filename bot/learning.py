"""From corrections to a better model: gather what may be learned, train, compare, and put to use by rule.

The law of this file: the steps stand here, the rules elsewhere (`intake/reviewing.py` which corrections
count, `nlp/lessons.py` how much, `nlp/promotion.py` which model may serve). Training never touches the
model that serves; what a model was made of and what the rule said of it stand in its manifest, and every
change of the model in use is on record.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from pathlib import Path

from bot.measured import Measured
from bot.places import (
    BUILT_MODEL,
    CORPUS,
    DICTIONARIES,
    HOLDOUT,
    MARKED_PLACES,
    measured_folder,
    model_folder,
    models_folder,
)
from bot.settings import Settings
from bot.shelf import Shelf
from intake.cases import Timer, TimerKind, timer_key
from intake.covering import standing_in
from intake.deadlines import next_night
from intake.people import Right
from intake.reviewing import LEARNED, Agreement, Opinion, Standing, agreement_of, review, today
from intake.taxonomy import Taxonomy
from nlp.corpus import Row
from nlp.corpus_folder import read_folder
from nlp.holdout import read_holdout
from nlp.lessons import Lesson, as_rows, fingerprint_of
from nlp.lexicon import dictionary_words
from nlp.model import ModelError, read_manifest
from nlp.place_training import read_place_rows
from nlp.promotion import CORRECTED, Judgement, Trial, judge, right_items, try_on
from nlp.reader import Reader
from nlp.train import fit, train_model
from storage.audit import MODEL
from storage.examples import StoredExample
from storage.records import Look
from storage.store import Store
from storage.tx import Tx

CERTAIN = 0.98
"""From this probability on the frozen model is certain; on held-out lines it is then wrong in one of a
hundred."""

CROSSED_LEAST = 20
"""With fewer corrections than this holding some of them out would measure chance."""

TRAINED = "trained_lessons"
"""The setting that keeps which lessons the last scheduled training had."""

FORGOTTEN = "examples_forgotten"
"""The setting that keeps the day on which old corrections were last cleared away."""

SYSTEM = "system"

IN_USE, BUILT = "the model in use", "the built-in model"
"""Whom a new model is compared with, as reasons name them."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Material:
    """What is trained on and measured with; `built` is the model that was made from the corpus alone."""

    taxonomy: Taxonomy
    corpus: Path = CORPUS
    holdout: Path = HOLDOUT
    words: Path | None = DICTIONARIES / "words.txt"
    built: Path = BUILT_MODEL
    places: Path = MARKED_PLACES


@dataclass(frozen=True)
class Gathered:
    """All corrections with where they stand, what is learned from them, and the neighbourhood's words."""

    examples: tuple[StoredExample, ...] = ()
    standings: Mapping[int, Standing] | None = None
    agreement: Mapping[str, Agreement] | None = None
    words: tuple[str, ...] = ()

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        standings = self.standings or {}
        return tuple(
            Lesson(one.id, one.example.text, one.example.label, one.example.by)
            for one in self.examples
            if standings.get(one.id) in LEARNED
        )

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.lessons, self.words)


@dataclass(frozen=True)
class Trained:
    """What a scheduled training came to; `name` is None where there was nothing new."""

    name: str | None
    judgement: Judgement | None = None


# -- gathering --------------------------------------------------------------------------------------


def gather(store: Store, material: Material) -> Gathered:
    """Read all corrections, and judge them with the frozen model's help."""
    examples, opinions, words = store.read_now(_read)
    certain = _certain(opinions, material) if opinions else {}
    agreement = agreement_of(opinions, certain)
    learned = tuple(replace(one, example=today(one.example, material.taxonomy)) for one in examples)
    return Gathered(learned, review(opinions, agreement), agreement, words)


def _read(tx: Tx) -> tuple[list[StoredExample], list[Opinion], tuple[str, ...]]:
    examples = tx.examples.all()
    words = tuple(dict.fromkeys(word.word for word in tx.words.all()))
    return examples, opinions_of(tx, examples), words


def opinions_of(tx: Tx, examples: Sequence[StoredExample]) -> list[Opinion]:
    """The examples as they are judged: whether each author may correct where they did so, by their own roles
    or by a cover that stood when they did."""
    paths = {grid.id: grid.path for grid in tx.grids.all()}
    homes = {
        case.id: case for case in tx.cases.many({e.example.case or "" for e in examples}).values()
    }
    authors = {one.example.by for one in examples}
    covers = tx.covers.by(authors)
    people = tx.people.many(authors | {cover.absent for cover in covers})

    def may(one: StoredExample) -> bool:
        by, case = one.example.by, homes.get(one.example.case or "")
        if by not in people or case is None:
            return False
        then = [cover for cover in covers if cover.stand_in == by and cover.stood(one.example.at)]
        person = (standing_in(people, then) if then else people)[by]
        return person.may(Right.CORRECT, paths.get(case.grid, ()), case.departments)

    return [
        Opinion(one.id, one.example.text, one.example.label, one.example.by, may(one), one.accepted)
        for one in examples
    ]


def standings_of(opinions: Sequence[Opinion]) -> dict[int, Standing]:
    """Where examples stand by what people said alone, without asking the frozen model."""
    return review(opinions, agreement_of(opinions))


def schedule(tx: Tx, at: time | None, zone: tzinfo, now: datetime) -> None:
    """Set the clock of the next training, in the transaction of its cause; `at` None: never by itself."""
    if at is not None:
        due = next_night(now, at, zone)
        night = due.date().isoformat()
        tx.timers.set([Timer(timer_key(TimerKind.RETRAIN, night), TimerKind.RETRAIN, night, due)])


def forget_old(tx: Tx, now: datetime) -> int:
    """Once a day: the words of old corrections from which nothing is learned go; how many."""
    today = now.date().isoformat()
    if tx.settings.get(FORGOTTEN) == today:
        return 0
    tx.settings.put(FORGOTTEN, today)
    standings = standings_of(opinions_of(tx, tx.examples.all()))
    return tx.examples.forget([id for id, at in standings.items() if at not in LEARNED], now)


def _certain(opinions: Sequence[Opinion], material: Material) -> dict[int, str]:
    """What the frozen model reads in the words, where it is certain."""
    try:
        reader = Reader.load(material.built, material.taxonomy)
    except ModelError:  # nothing to ask: then what people say decides
        return {}
    spoken = [one for one in opinions if one.text]
    found: dict[int, str] = {}
    for one, reading in zip(spoken, reader.read([one.text for one in spoken]), strict=True):
        best, asks = reading.guesses[0], reading.request_probability
        if reading.kind.asks and asks >= CERTAIN and best.probability >= CERTAIN:
            found[one.id] = best.item
        elif not reading.kind.asks and asks <= 1 - CERTAIN:
            found[one.id] = reading.kind.value
    return found


# -- training ---------------------------------------------------------------------------------------


def train(material: Material, gathered: Gathered, out: Path, say: Say) -> None:
    """Train on the corpus and what was gathered, into `out`."""
    corpus = read_folder(material.corpus, material.taxonomy)
    lessons = as_rows(gathered.lessons, corpus)
    say(f"{len(corpus)} lines of the corpus, {len(lessons)} corrections")
    train_model(
        [*corpus, *lessons],
        out,
        material.taxonomy,
        _words_file(material),
        say=say,
        own_words=dictionary_words(gathered.words),
        places=[row for marked in read_place_rows(material.places).values() for row in marked],
    )
    Shelf(out.parent).note(out.name, {"examples": _about(gathered, len(lessons))})


def _words_file(material: Material) -> Path | None:
    return material.words if material.words is not None and material.words.exists() else None


def _about(gathered: Gathered, used: int) -> dict[str, object]:
    ids = [lesson.id for lesson in gathered.lessons]
    return {"used": used, "through": max(ids, default=0), "fingerprint": gathered.fingerprint}


def train_scheduled(
    settings: Settings, store: Store, material: Material, now: datetime, say: Say
) -> Trained:
    """Train if there is something new to learn, compare, and put to use if the rule allows."""
    shelf = Shelf(models_folder(settings))
    with training_lock(settings):
        shelf.clear_unfinished()
        gathered = gather(store, material)
        if gathered.fingerprint == store.read_now(lambda tx: tx.settings.get(TRAINED)):
            say("nothing new was learned since the last training")
            return Trained(None)
        name = shelf.new_name(now)
        with shelf.building(name) as out:
            train(material, gathered, out, say)
        judgement = compare(settings, material, name, say, gathered)
        if judgement.may_serve:
            shelf.promote(name)
        record(store, name, "promote" if judgement.may_serve else "refuse", judgement, SYSTEM, now)
        shelf.prune()
        store.write_now(lambda tx: tx.settings.put(TRAINED, gathered.fingerprint))
        return Trained(name, judgement)


@contextmanager
def training_lock(settings: Settings) -> Iterator[None]:
    """One training at a time in a home; the system frees the lock however the process ends."""
    folder = settings.home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "training.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


# -- comparing --------------------------------------------------------------------------------------


def compare(
    settings: Settings,
    material: Material,
    name: str,
    say: Say = lambda _line: None,
    gathered: Gathered | None = None,
) -> Judgement:
    """Measure the model `name` beside the one that serves and the one that was built, ask the rule, and
    note both in its manifest. Raises ModelError for a model that cannot be used here at all."""
    shelf = Shelf(models_folder(settings))
    reader = usable(shelf.folder / name, material.taxonomy)
    holdout = read_holdout(material.holdout, material.taxonomy)
    rows = holdout.lines
    candidate = try_on(reader, rows)
    measured = Measured(measured_folder(settings), material.holdout, material.taxonomy)
    measured.measure(reader, shelf.folder / name, holdout)
    serving = model_folder(settings)
    rivals: dict[str, Trial] = {}
    crossing = _Crossing(material, gathered, serving, say)
    for label, folder in ((IN_USE, serving), (BUILT, material.built)):
        if folder.resolve() in {(shelf.folder / name).resolve()} or label in rivals:
            continue
        if label != IN_USE and folder.resolve() == serving.resolve():
            continue
        try:
            rival = usable(folder, material.taxonomy)
        except ModelError as error:
            say(f"not compared with {label}: {error}")
            continue
        rivals[label] = try_on(rival, rows)
        measured.measure(rival, folder, holdout)
        if label == IN_USE:
            mine, theirs = crossing.answers(rival)
            candidate = _with(candidate, mine)
            rivals[label] = _with(rivals[label], theirs)
    judgement = judge(candidate, rivals)
    for line in _told(name, candidate, judgement):
        say(line)
    refused = [reason.stored() for reason in judgement.why]
    shelf.note(name, {"scores": candidate.scores(), "refused": refused})
    return judgement


def usable(folder: Path, taxonomy: Taxonomy) -> Reader:
    """The model in `folder`, if it can read for this neighbourhood. Raises ModelError."""
    reader = Reader.load(folder, taxonomy)
    if reader.model.foreign:
        raise ModelError(
            f"{folder} was trained on labels of its own and knows no items: train anew"
        )
    made_for = reader.model.facts.get("taxonomy")
    if made_for != taxonomy.version:
        raise ModelError(
            f"{folder} was made for the taxonomy {made_for}, not for {taxonomy.version}: train anew"
        )
    return reader


def _with(trial: Trial, corrections: Sequence[bool]) -> Trial:
    return Trial(
        {**trial.lines, CORRECTED: list(corrections)}, trial.f1, trial.macro_f1, trial.finite
    )


def _told(name: str, trial: Trial, judgement: Judgement) -> Iterator[str]:
    yield "  ".join(f"{measure} {share:.3f}" for measure, share in trial.scores().items())
    for reason in judgement.reasons:
        yield f"{name} may not serve: {reason}"


@dataclass(frozen=True)
class _Crossing:
    """Corrections that the model in use has not learned from, each read by a model that has not learned
    from it either: two more models, quickly made, each without one half. Only corrections to an item;
    how a gate is set cannot be told from a model made quickly."""

    material: Material
    gathered: Gathered | None
    serving: Path
    say: Say

    def answers(self, rival: Reader) -> tuple[list[bool], list[bool]]:
        """Which of them a new model, and which `rival`, has right, in the same order."""
        lessons = self._new()
        if len(lessons) < CROSSED_LEAST:
            return [], []
        self.say(f"{len(lessons)} new corrections, each held out once")
        corpus = read_folder(self.material.corpus, self.material.taxonomy)
        mine: list[bool] = []
        asked: list[Row] = []
        for half in (0, 1):
            part = [Row(lesson.label, lesson.text) for lesson in lessons[half::2]]
            left_out = {lesson.text for lesson in lessons[half::2]}
            mine += right_items(self._without(left_out, corpus), part)
            asked += part
        return mine, right_items(rival, asked)

    def _new(self) -> list[Lesson]:
        items = self.material.taxonomy.items
        through = _through(self.serving)
        lessons = self.gathered.lessons if self.gathered else ()
        return [one for one in lessons if one.id > through and one.label in items]

    def _without(self, texts: set[str], corpus: Sequence[Row]) -> Reader:
        assert self.gathered is not None
        kept = [lesson for lesson in self.gathered.lessons if lesson.text not in texts]
        rows = [*corpus, *as_rows(kept, corpus)]
        own_words = dictionary_words(self.gathered.words)
        words = _words_file(self.material)
        taxonomy = self.material.taxonomy
        return Reader(fit(rows, taxonomy, words, calibrated=False, own_words=own_words), taxonomy)


def _through(folder: Path) -> int:
    """The last correction that a model learned from."""
    try:
        examples = read_manifest(folder).get("facts", {}).get("examples", {})
    except ModelError:
        return 0
    return int(examples.get("through", 0))


# -- on record --------------------------------------------------------------------------------------


def record(
    store: Store, name: str, what: str, judgement: Judgement | None, by: str, now: datetime
) -> None:
    """Note who put which model to use, refused it or went back to it, and why."""
    why = "; ".join(judgement.reasons) if judgement is not None and judgement.reasons else None
    look = Look(f"{MODEL}{name}", by, what, why, now)
    store.write_now(lambda tx: tx.audit.add([look]))
