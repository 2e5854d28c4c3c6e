"""People correct, the model learns, and the running server reads with what was learned."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from town import Town

from bot.cli.main import run
from bot.learning import Material, compare, gather, record, train_scheduled
from bot.places import models_folder
from bot.reloading import ModelWatch, Serving, load_serving, stamp_of
from bot.retraining import DONE, FAILED, LEASE, TRIES, Retrainer, Retraining, standing, take, want
from bot.settings import Settings
from bot.shelf import KEPT, Shelf
from intake.cases import Example, TimerKind
from intake.reviewing import Standing
from nlp.model import ARRAYS, MANIFEST, ModelError
from nlp.reader import Reader
from storage.recall import all_cases
from storage.store import Store

NIGHT = time(3, 30)


@pytest.fixture(scope="module")
def built(material: Material) -> Reader:
    return Reader.load(material.built, material.taxonomy)


@dataclass
class School:
    """A town, its models, and the watch that lets it read with the promoted one."""

    town: Town
    settings: Settings
    material: Material
    watch: ModelWatch
    problems: list[str | None]

    @property
    def shelf(self) -> Shelf:
        return Shelf(models_folder(self.settings))

    def night(self) -> str | None:
        """A scheduled training, now; the name of the model that it made."""
        store, now = self.town.store, datetime.now(UTC)
        return train_scheduled(self.settings, store, self.material, now, lambda _: None).name

    def read(self, text: str) -> str | None:
        (reading,) = self.town.worker.reader.read([text])
        return reading.item if reading.kind.asks else None


@pytest.fixture
def school(material: Material, built: Reader, tmp_path: Path) -> Iterator[School]:
    settings = Settings(home=tmp_path)
    shelf = Shelf(models_folder(settings))
    shutil.copytree(material.built, shelf.folder / "first")
    shelf.promote("first")
    serving = Serving(built, shelf.folder / "first", stamp_of(shelf.folder / "first"))
    problems: list[str | None] = []

    async def note(problem: str | None) -> None:
        problems.append(problem)

    with Store.open("sqlite://", "town") as store:
        town = Town(store, serving.reader, retrain=NIGHT)
        watch = ModelWatch(settings, material.taxonomy, town.worker, serving, note, poll=0.01)
        own = replace(material, built=shelf.folder / "first")
        yield School(town, settings, own, watch, problems)


BENCH, LIKE_IT = "凉亭的长椅烂了坐不了人", "凉亭那里的长椅烂了,老人坐不了"
BENCH_ITEM = "SZ07"


async def correct(town: Town, name: str, number: int = 1) -> None:
    """Tap through to what the bench is."""
    worker = town.person(name)
    for label in ("改类", "其他类", "市政设施与园林水务", "健身休闲设施损坏"):
        await worker.presses(label)
    assert town.case(number).item == BENCH_ITEM


async def test_a_correction_is_learned_and_served_without_a_restart(school: School) -> None:
    town = school.town
    await town.person("王阿姨").says(f"#报事 {BENCH}")
    await correct(town, "小陈")
    before = school.read(LIKE_IT)
    assert before != BENCH_ITEM
    name = school.night()
    assert name is not None
    assert school.shelf.in_use() == name, school.shelf.names()
    assert school.read(LIKE_IT) == before
    assert await school.watch.look()
    assert school.read(LIKE_IT) == BENCH_ITEM
    await town.person("李叔").says(LIKE_IT)
    assert town.cases()[-1].item == BENCH_ITEM
    manifest = json.loads((school.shelf.folder / name / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["facts"]["examples"]["used"] == 1
    assert manifest["facts"]["refused"] == []
    assert "requests heard" in manifest["facts"]["scores"]
    assert school.night() is None  # nothing new since

    assert school.shelf.roll_back() == "first"
    assert await school.watch.look()
    assert school.read(LIKE_IT) == before
    assert load_serving(school.settings, school.material.taxonomy).folder.name == "first"
    assert school.shelf.roll_back() is None  # the built-in model; further back there is nothing
    assert school.shelf.in_use() is None


async def test_every_door_teaches_masked_nameless_words(school: School) -> None:
    town = school.town
    wang, sun = town.person("王阿姨"), town.person("孙姐")
    await wang.says("#报事 李阿姨说今天天气真好，我电话13800138000")
    (forced,) = town.store.read_now(lambda tx: tx.examples.all())
    assert forced.example.text == "＊阿姨说今天天气真好，我电话＊＊＊"
    assert (forced.example.label, forced.example.source) == ("request", "forced")
    assert forced.example.case == "DEMO-1-1"
    await wang.says("#报事 楼下路灯又不亮了")
    await correct(town, "孙姐", 2)
    await sun.presses("不是报事")
    sources = [e.example.source for e in town.store.read_now(lambda tx: tx.examples.all())]
    assert sources == ["forced", "button", "not_request"]
    standings = gather(town.store, school.material).standings or {}
    assert list(standings.values()) == [Standing.ALONE, Standing.SUPERSEDED, Standing.TRUSTED]


async def test_a_withdrawn_message_is_not_learned_from(school: School) -> None:
    town = school.town
    wang = town.person("王阿姨")
    await wang.says(f"#报事 {BENCH}")
    message = wang.last_message
    await correct(town, "小陈")
    assert len(gather(town.store, school.material).lessons) == 1
    await wang.takes_back(message)
    assert town.store.read_now(lambda tx: tx.examples.all()) == []


async def test_wrong_corrections_are_refused_by_the_rule_alone(
    school: School, vandal: Path
) -> None:
    """Defence three, alone: believed without review and weighed without bounds, they are still refused."""
    shutil.copytree(vandal, school.shelf.folder / "vandal")
    judgement = compare(school.settings, school.material, "vandal")
    assert not judgement.may_serve
    assert any(reason.startswith("SZ: F1") for reason in judgement.reasons), judgement.reasons
    record(school.town.store, "vandal", "refuse", judgement, "system", datetime.now(UTC))
    (look,) = school.town.store.read_now(lambda tx: tx.audit.of_case("model vandal"))
    assert (look.what, look.why) == ("refuse", "; ".join(judgement.reasons))


def spoil_truncated(folder: Path, material: Material) -> None:
    path = folder / ARRAYS
    path.write_bytes(path.read_bytes()[:1000])


def spoil_tampered(folder: Path, material: Material) -> None:
    path = folder / "words.txt"
    path.write_text(path.read_text(encoding="utf-8") + "路灯 9 n\n", encoding="utf-8")


def spoil_taxonomy(folder: Path, material: Material) -> None:
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["facts"]["taxonomy"] = "another town's"
    path.write_text(json.dumps(manifest), encoding="utf-8")


def spoil_foreign(folder: Path, material: Material) -> None:
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["heads"] = {
        "answers": manifest["heads"]["answers"]
    }  # as without our kinds and dangers
    path.write_text(json.dumps(manifest), encoding="utf-8")


def spoil_gone(folder: Path, material: Material) -> None:
    shutil.rmtree(folder)


SPOILT = (
    (spoil_truncated, "is not the file its manifest vouches for"),
    (spoil_tampered, "is not the file its manifest vouches for"),
    (spoil_taxonomy, "was made for the taxonomy another town's"),
    (spoil_foreign, "was trained on labels of its own"),
    (spoil_gone, "has no manifest.json"),
)


async def test_what_cannot_be_used_is_named_and_the_former_goes_on(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    reader = school.town.worker.reader
    for number, (spoil, sentence) in enumerate(SPOILT):
        name = f"bad{number}"
        shutil.copytree(school.material.built, school.shelf.folder / name)
        spoil(school.shelf.folder / name, school.material)
        school.shelf.promote(name)  # as if somebody had written the file by hand
        caplog.clear()
        assert not await school.watch.look()
        assert sentence in caplog.text
        assert sentence in (school.problems[-1] or "")
        assert "until then the model first serves" in (school.problems[-1] or "")
        assert not await school.watch.look()  # said once
        assert school.town.worker.reader is reader
    with pytest.raises(ModelError, match="vouches for"):
        compare(school.settings, school.material, "bad0")
    found = load_serving(school.settings, school.material.taxonomy)  # after a restart as well
    assert found.folder.name == "first"
    assert found.problem is not None
    while school.shelf.in_use() != "first":
        school.shelf.roll_back()
    assert await school.watch.look()
    assert school.problems[-1] is None


async def test_messages_during_swaps_are_all_answered_once_in_order(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    town = school.town
    shutil.copytree(school.material.built, school.shelf.folder / "second")
    tasks = [asyncio.create_task(work) for work in (town.worker.run(), school.watch.run())]
    neighbours = [town.person(name) for name in ("王阿姨", "李叔", "老张")]
    said: list[str] = []
    for swap, name in enumerate(("second", "first", "second"), 1):
        school.shelf.promote(name)
        while school.watch.swaps < swap:
            words = f"{len(said)}号井盖松了,会绊倒人"
            await neighbours[len(said) % 3].says_later(f"#报事 {words}")
            said.append(words)
            await asyncio.sleep(0.05)
            assert len(said) < 1000
    end = asyncio.get_running_loop().time() + 20
    while await town.store.read(lambda tx: tx.inbox.pending()):
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    cases = await town.store.read(all_cases)
    assert [case.said for case in sorted(cases, key=lambda case: case.number)] == said
    assert [record.message for record in caplog.records] == []


async def test_the_first_correction_sets_the_clock_of_one_training(school: School) -> None:
    town = school.town
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.person("孙姐").presses("不是报事")
    (timer,) = town.store.read_now(lambda tx: tx.timers.of_subject("2026-11-25"))
    assert timer.kind is TimerKind.RETRAIN
    assert timer.due == datetime(2026, 11, 24, 19, 30, tzinfo=UTC)  # 03:30 in Shanghai
    await town.wait(hours=18)
    assert town.store.read_now(lambda tx: tx.timers.of_subject("2026-11-25")) == []
    town.store.write_now(lambda tx: want(tx, town.clock()))  # fired twice is wanted once
    trained: list[str] = []

    async def one_training() -> tuple[bool, str]:
        trained.append(town.store.owner)
        assert not town.store.write_now(lambda tx: take(tx, "another", town.clock()))
        return True, "done"

    retrainer = Retrainer(town.store, town.clock, one_training)
    assert [await retrainer.step() for _ in range(3)] == [1, 0, 0]
    assert trained == ["town"]
    found = town.store.read_now(standing)
    assert found is not None
    assert (found.state, found.words) == (DONE, "done")


async def test_what_was_wanted_again_meanwhile_is_done_again(school: School) -> None:
    town = school.town
    times: list[int] = []

    async def trains() -> tuple[bool, str]:
        times.append(1)
        if len(times) == 1:
            town.store.write_now(lambda tx: want(tx, town.clock()))
        return True, ""

    town.store.write_now(lambda tx: want(tx, town.clock()))
    retrainer = Retrainer(town.store, town.clock, trains)
    assert [await retrainer.step() for _ in range(3)] == [1, 1, 0]


async def test_a_training_that_was_killed_is_taken_up_but_not_for_ever(school: School) -> None:
    store, now = school.town.store, school.town.clock()
    store.write_now(lambda tx: want(tx, now))
    assert store.write_now(lambda tx: take(tx, "killed", now))
    assert not store.write_now(lambda tx: take(tx, "other", now))
    later = now + LEASE
    assert store.write_now(lambda tx: take(tx, "other", later))
    assert store.write_now(lambda tx: take(tx, "other", later))  # the same process, started again
    assert TRIES == 3
    assert not store.write_now(lambda tx: take(tx, "other", later))
    found = store.read_now(standing)
    assert found is not None
    assert found.state == FAILED


async def test_a_training_that_fails_is_logged_and_kept_for_the_doctor(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    town = school.town

    async def fails() -> tuple[bool, str]:
        return False, "huying: the disk is full"

    town.store.write_now(lambda tx: want(tx, town.clock()))
    await Retrainer(town.store, town.clock, fails).step()
    assert "the retraining failed" in caplog.text
    found = town.store.read_now(standing)
    assert isinstance(found, Retraining)
    assert (found.state, found.words) == (FAILED, "huying: the disk is full")


def test_few_models_are_kept_and_never_the_way_back_is_lost(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "models")
    for number in range(12):
        with shelf.building(f"m{number:02}") as folder:
            folder.mkdir()
            (folder / MANIFEST).write_text("{}", encoding="utf-8")
        if number in (1, 2):
            shelf.promote(f"m{number:02}")
    gone = shelf.prune()
    assert {"m01", "m02"}.isdisjoint(gone)
    assert len(shelf.names()) == KEPT + 2
    assert shelf.roll_back() == "m01"
    with suppress(RuntimeError), shelf.building("broken") as folder:
        folder.mkdir()
        raise RuntimeError
    assert "broken" not in shelf.names()
    shelf.clear_unfinished()


async def test_files_that_are_still_written_are_waited_for(school: School) -> None:
    folder = school.shelf.folder / "first"
    before = stamp_of(folder)
    (folder / ARRAYS).touch()
    assert stamp_of(folder) != before
    assert not await school.watch.look()
    assert await school.watch.look()


@pytest.fixture
def at_home(
    material: Material, vandal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A home of its own for the commands, whose material is the small one."""
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    shelf = Shelf(tmp_path / "models")
    own = replace(material, built=shelf.folder / "first")
    for module in ("models", "learning"):
        monkeypatch.setattr(f"bot.cli.{module}.Material", lambda _taxonomy: own)
    shutil.copytree(material.built, shelf.folder / "first")
    shutil.copytree(material.built, shelf.folder / "second")
    shutil.copytree(vandal, shelf.folder / "vandal")
    shelf.promote("first")
    return tmp_path


def test_promote_obeys_the_rule_and_names_the_reasons(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["promote", "vandal"]) == 2
    told = capsys.readouterr()
    assert [line for line in told.out.splitlines() if line.startswith("SZ: F1")]
    assert "vandal is not put to use" in told.err
    assert run(["models"]) == 0
    assert "refused: SZ: F1" in capsys.readouterr().out
    assert run(["promote", "second"]) == 0
    assert "second is in use now." in capsys.readouterr().out
    assert run(["promote", "second"]) == 0
    assert "in use already" in capsys.readouterr().out
    assert run(["promote", "vandal", "--force"]) == 0
    assert run(["models"]) == 0
    listed = capsys.readouterr().out
    assert "* vandal" in listed
    assert "< second" in listed
    assert "(--force)" in listed
    for name in ("second", "first", "The built-in model"):
        assert run(["rollback"]) == 0
        assert f"{name} is in use now." in capsys.readouterr().out
    assert run(["rollback"]) == 2
    assert "nothing to go back to" in capsys.readouterr().err
    assert run(["promote", "nobody"]) == 2
    with Store.open(f"sqlite:///{at_home / 'huying.db'}", "test") as store:
        looks = store.read_now(lambda tx: tx.audit.latest())
    assert [look.what for look in reversed(looks)] == [
        "refuse",
        "promote",
        "force",
        "roll back to second",
        "roll back to first",
        "roll back to the built-in model",
    ]


def test_what_waits_is_looked_at_on_the_command_line(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["seed-demo"]) == 0
    now = datetime.now(UTC)
    words = [f"{name}的长椅烂了坐不了人" for name in ("凉亭里", "小花园", "老榕树下")]
    some = [
        Example(None, text, "WY01", BENCH_ITEM, "web:demo-wang", "button", now) for text in words
    ]
    with Store.open(f"sqlite:///{at_home / 'huying.db'}", "test") as store:
        store.write_now(lambda tx: tx.examples.add(some))
    capsys.readouterr()
    assert run(["examples"]) == 0
    told = capsys.readouterr().out
    assert "1  WY01 → SZ07  one neighbour's word" in told
    assert words[0] in told
    assert run(["examples", "accept", "1", "2"]) == 0
    assert run(["examples", "refuse", "3"]) == 0
    assert run(["examples", "accept", "9"]) == 2
    assert "there is no correction 9" in capsys.readouterr().err
    assert run(["examples"]) == 0
    assert "None wait; 2 corrections are learned from." in capsys.readouterr().out
    assert run(["examples", "--agreement"]) == 0
    assert "too few to say anything" in capsys.readouterr().out
    with Store.open(f"sqlite:///{at_home / 'huying.db'}", "test") as store:
        due = store.read_now(lambda tx: tx.timers.next_due())
    assert due is not None  # accepting sets the clock of the next training as well
    assert run(["drift"]) == 0
    assert "No cases yet." in capsys.readouterr().out
