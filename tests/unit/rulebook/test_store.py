"""What is kept between runs: the same rules come back, and nothing damaged or foreign is used."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date as Date
from pathlib import Path

import pytest

from infucode.errors import PolicyError
from infucode.policy import Policy
from infucode.rulebook import compact, store
from infucode.rulebook.kept import WovenRules
from infucode.rulebook.library import Library, load_library
from infucode.rulebook.where import policies_folder
from tests.unit.rulebook.texts import rule

PLAN = "medicare"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(name="cache")
def _own_cache(_cache: Path) -> Path:
    return _cache


def entry(cache: Path) -> Path:
    (found,) = cache.glob("*.json")
    return found


def same(one: Library, other: Library) -> bool:
    names = ("vocabulary", "rules", "typing", "texts", "digest", "profile", "switches", "sources")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def test_a_second_load_gives_the_same_plan(cache: Path) -> None:
    first, second = Policy.load(PLAN).library, Policy.load(PLAN).library
    assert not first.checked and second.checked and same(first, second)
    assert [r.place for r in first.rules] == [r.place for r in second.rules]
    assert [r.text for r in first.rules] == [r.text for r in second.rules]
    assert [str(r.clause) for r in first.rules] == [str(r.clause) for r in second.rules]
    assert len(list(cache.iterdir())) == 1


def test_nothing_is_kept_when_it_is_off(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("off", "OFF", ""):
        monkeypatch.setenv(store.VARIABLE, word)
        assert store.folder() is None
        assert not Policy.load(PLAN).library.checked
    assert not cache.exists()


def test_the_folder_is_the_users_own_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(store.VARIABLE)
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    monkeypatch.setenv(variable, str(Path.cwd()))
    assert store.folder() == Path.cwd() / "infucode"
    monkeypatch.setenv(variable, "relative")
    found = store.folder()
    assert (
        found is not None and found.is_absolute() and found.parts[-2:] == (".cache", "infucode")
    )


def other_part(number: int, part: object) -> Callable[[bytes], bytes]:
    """What is kept, with one part of what loading needs replaced."""

    def damage(text: bytes) -> bytes:
        needed, rules = text.split(b"\n")
        parts = json.loads(needed)
        replaced = json.dumps([*parts[:number], part, *parts[number + 1 :]]).encode()
        return replaced + b"\n" + rules

    return damage


def other_rules(rules: object) -> Callable[[bytes], bytes]:
    """What is kept, with other rules."""
    return lambda text: text.split(b"\n")[0] + b"\n" + json.dumps(rules).encode()


SETTINGS, CALENDAR = 2, 5
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda text: text[:5000],
    "not JSON": lambda _: b"x",
    "another shape": lambda _: json.dumps([1, 2]).encode(),
    "no settings": other_part(SETTINGS, [[], [], [], []]),
    "no calendar": other_part(CALENDAR, [[], [1, 2]]),
    "no second part": lambda text: text.split(b"\n")[0],
    "nested deep": lambda _: b"[" * 100_000 + b"]" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_as_if_there_were_none(cache: Path, damage: str) -> None:
    first = Policy.load(PLAN).library
    path = entry(cache)
    text = DAMAGE[damage](path.read_bytes().partition(b"\n")[2])
    for honest in (False, True):
        sum = hashlib.sha256(text).hexdigest().encode() if honest else b"0" * 64
        path.write_bytes(sum + b"\n" + text)
        again = Policy.load(PLAN).library
        assert not again.checked and same(first, again)
        assert Policy.load(PLAN).library.checked


DAMAGED_RULES: dict[str, Callable[[bytes], bytes]] = {
    "not JSON": lambda text: text[:-5000],
    "no rules": other_rules([[], [], []]),
    "fewer rules": other_rules([[], [], [], []]),
    "wrong numbers": other_rules([[], [], [["p", 7]], [[[0, []], 0, "x", "cpt"]]]),
}


@pytest.mark.parametrize("damage", DAMAGED_RULES)
def test_rules_that_cannot_be_read_back_are_read_from_the_files(cache: Path, damage: str) -> None:
    first = Policy.load(PLAN).library
    path = entry(cache)
    text = DAMAGED_RULES[damage](path.read_bytes().partition(b"\n")[2])
    path.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
    again = Policy.load(PLAN).library
    assert again.checked and same(first, again)


DAY = Date(2024, 8, 5)


def test_the_rules_of_a_day_come_back_in_their_order(cache: Path) -> None:
    """First woven from the files, then from the kept rules, then as they were kept woven."""
    books, orders = [], []
    for number in range(3):
        policy = Policy.load(PLAN)
        books.append(policy.rulebook(DAY))
        orders.append(policy.program(books[-1]).frame.order)
        assert isinstance(books[-1].rules, WovenRules) == (number == 2)
    assert len(list(cache.glob("*.json"))) == 2
    for book, order in zip(books, orders, strict=True):
        assert book.digest == books[0].digest and order == orders[0]
        assert tuple(book.rules) == books[0].rules and book.rules[-1] == books[0].rules[-1]
        assert [r.place for r in book.rules] == [r.place for r in books[0].rules]
    assert books[2].rules[3:9:2] == books[0].rules[3:9:2]


def test_a_rulebook_with_other_rules_is_never_kept(cache: Path) -> None:
    Policy.load(PLAN)
    library = Policy.load(PLAN).library
    policy = Policy(replace(library, rules=tuple(library.rules)[:-1]))
    policy.program(policy.rulebook(DAY))
    assert len(list(cache.glob("*.json"))) == 1


def test_an_entry_of_other_files_is_not_used(cache: Path, tmp_path: Path) -> None:
    mine = tmp_path / "policies"
    shutil.copytree(policies_folder(), mine)
    assert not Policy.load(PLAN, policies=mine).library.checked
    assert Policy.load(PLAN, policies=mine).library.checked
    path = next((mine / "cpt").glob("*.lp"))
    path.write_text(path.read_text(encoding="utf-8") + "\n% more\n", encoding="utf-8")
    assert not Policy.load(PLAN, policies=mine).library.checked
    path.write_text("p(X) :- q(.\n", encoding="utf-8")
    with pytest.raises(PolicyError):
        Policy.load(PLAN, policies=mine)
    assert len(list(cache.glob("*.json"))) == 2


def test_what_the_settings_say_is_kept_with_the_rules(cache: Path, tmp_path: Path) -> None:
    mine = tmp_path / "policies"
    shutil.copytree(policies_folder(), mine)
    first = Policy.load(PLAN, policies=mine).library
    for name in ("switches.toml", "clauses.toml"):
        path = mine / name
        path.write_text(path.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
        again = Policy.load(PLAN, policies=mine).library
        assert not again.checked and Policy.load(PLAN, policies=mine).library.checked
        assert (again.digest == first.digest) is (name == "clauses.toml")
        first = again
    (mine / "cpt" / "unreadable.lp").mkdir()
    with pytest.raises(PolicyError, match="is not a file"):
        Policy.load(PLAN, policies=mine)


def test_another_version_of_the_code_or_of_clingo_is_another_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Policy.load(PLAN)
    monkeypatch.setattr(store, "program_digest", lambda: "another")
    assert not Policy.load(PLAN).library.checked


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes")
def test_a_folder_that_others_may_write_to_is_not_used(cache: Path) -> None:
    Policy.load(PLAN)
    cache.chmod(0o777)
    assert not load_library(policies_folder(), PLAN).checked
    before = entry(cache).read_bytes()
    entry(cache).write_bytes(b"x")
    Policy.load(PLAN)
    assert entry(cache).read_bytes() == b"x" != before


def test_a_folder_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "file" / "below"))
    assert not Policy.load(PLAN).library.checked
    assert not Policy.load(PLAN).library.checked


def test_old_entries_go(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_ENTRIES", 3)
    for number in range(6):
        store.keep(f"{number}", [number])
    assert len(list(cache.iterdir())) == 3
    assert store.fetch("5") == [5] and store.fetch("0") is None


ODD = (
    'p(X,-Y,"a\\"b\\n",2) :- q(X,Y), 0 <= X < Y-1 != 2, not r(_), not not s(|X|).',
    "p(N) :- N = #min { A-B,A : q(A,B), not r(A); X : r(X) }, N != #sup.",
    "p :- not 1 <= #count { A : q(A,_) } < 3, r(A) : q(A,_), not s(A).",
)


@pytest.mark.parametrize("text", ODD)
def test_odd_rules_come_back_as_they_were(text: str) -> None:
    one = rule("cpt.x", text, beats="cpt.y (X, Y)")
    plain = json.loads(json.dumps(compact.rules_to_plain([one, one])))
    two = compact.rules_from_plain(plain, {one.source.name: one.source})
    assert two == (one, one) and two[0].papers is two[1].papers
    assert str(two[0].clause) == str(one.clause) and two[0].place == one.place
