"""What must hold of the tree itself: no policy in Python, one way of imports, small files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from clingo.ast import ASTType, parse_files

from infucode.rulebook.folder import SPACES
from infucode.rulebook.library import load_library, plans

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "infucode"
POLICIES = ROOT / "policies"
MODULES = sorted(PACKAGE.rglob("*.py"))
RULE_FILES = sorted(POLICIES.rglob("*.lp"))

CODE = re.compile(r"\b(9(6[345]\d\d|92\d\d|921\d)|[A-VX-Z]\d{4})\b")
"""Administration codes, visit codes, HCPCS codes."""
MODIFIER = re.compile(r"^(59|25|76|77|JW|JZ|XS|XU|XE|XP)$")
THRESHOLDS = (15, 16, 30, 31, 90, 91, 480)
ALLOWED: dict[str, str] = {
    "cli/unlock.py:96365": "a code in an example of the command line",
    "cli/why_not.py:96365": "a code in an example of the command line",
    "render/axis.py:15": "minutes between the ticks of a drawn time axis",
    "render/axis.py:30": "minutes between the ticks of a drawn time axis",
    "render/rules_view.py:90": "columns of the terminal",
    "render/timeline.py:16": "columns of a drug's name",
}
"""`module.py:literal` to the reason why it is no content of a policy."""
MOST_LINES, MOST_FUNCTION_LINES = 400, 60

ORDER = (
    ("errors",),
    ("model",),
    ("rulebook", "documents"),
    ("tables",),
    ("passes",),
    ("engine",),
    ("render",),
    ("questions",),
    ("policy",),
    ("batch",),
    ("spark",),
    ("workbench",),
    ("space",),
    ("cli",),
    ("__main__",),
)
"""Each group may import those before it and its own package."""
BESIDE = {
    (
        "questions/catalog.py",
        "policy",
    ): "lists the rules of a loaded policy; for reading, no cycle",
}


def module_name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def package_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"relative import in {path}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def docstrings(path: Path) -> set[int]:
    """The ids of the nodes that document something."""
    return {
        id(node.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def constants(path: Path) -> Iterator[ast.Constant]:
    """Every literal of a module, docstrings left out."""
    skip = docstrings(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and id(node) not in skip:
            yield node


@cache
def rule_ids() -> frozenset[str]:
    return frozenset(
        rule.papers.id for plan in plans(POLICIES) for rule in load_library(POLICIES, plan).rules
    )


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_no_policy_content_in_python(path: Path) -> None:
    for node in constants(path):
        for found in content(node.value):
            place = f"{module_name(path)}:{found}"
            assert place in ALLOWED, f"{place} in line {node.lineno}"


def content(value: object) -> Iterator[object]:
    """The codes, modifiers, rule ids and thresholds in a literal."""
    if isinstance(value, str):
        yield from (match[0] for match in CODE.finditer(value))
        if MODIFIER.match(value) or value in rule_ids():
            yield value
    elif type(value) is int and value in THRESHOLDS:
        yield value


def test_what_is_allowed_is_still_there() -> None:
    found = {
        f"{module_name(path)}:{item}"
        for path in MODULES
        for node in constants(path)
        for item in content(node.value)
    }
    assert found == set(ALLOWED)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_go_one_way(path: Path) -> None:
    level = {name: number for number, group in enumerate(ORDER) for name in group}
    own = package_of(path)
    if own == "__init__":
        return
    for name in imports(path):
        if not name.startswith("infucode."):
            continue
        other = name.split(".")[1]
        if other == own or other not in level or (module_name(path), other) in BESIDE:
            continue
        assert level[other] < level[own], f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_clingo_is_used_where_it_may_be(path: Path) -> None:
    names = list(imports(path))
    if package_of(path) in ("errors", "model", "render", "documents", "cli"):
        assert not any(name.split(".")[0] == "clingo" for name in names)
    if package_of(path) != "rulebook":
        assert not any(name.startswith("clingo.ast") for name in names)
    if module_name(path) != "engine/control.py":
        makes = [n for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute | ast.Name)]
        assert not any(
            (n.attr if isinstance(n, ast.Attribute) else n.id) == "Control"
            and isinstance(parent_call(path, n), ast.Call)
            for n in makes
        )


def parent_call(path: Path, node: ast.AST) -> ast.Call | None:
    for call in ast.walk(tree(path)):
        if isinstance(call, ast.Call) and call.func is node:
            return call
    return None


def test_render_and_model_load_without_the_solver() -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.modules['clingo'] = None\n"
        "import infucode.model.solution, infucode.render.json_view, infucode.render.terminal\n"
        "import infucode.documents"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


TEXT_FILES = [
    path
    for folder in ("infucode", "policies", "tests", "docs", "examples", "benchmarks", "scripts")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".lp", ".toml", ".md", ".yaml", ".json", ".cfg", ".sh", ".txt")
]
MACHINE = re.compile(
    "|".join(
        f"{first}{second}"
        for first, second in (
            ("/wo", "rk/"),
            ("/ho", "me/"),
            ("/ro", "ot/"),
            ("/tm", "p/v"),
            (r"C:\\\\U", "sers"),
            ("index-ur", "l"),
            ("artifac", "tory"),
        )
    )
)
"""Written in two parts each, so that this file does not find itself."""


def test_no_file_names_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*TEXT_FILES, ROOT / "pyproject.toml", ROOT / "README.md"]
        if path.is_file()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert not found


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.name)
def test_every_rule_file_parses_with_stock_clingo(path: Path) -> None:
    messages: list[str] = []
    found: list[object] = []
    parse_files([str(path)], found.append, logger=lambda _code, text: messages.append(text))
    assert found and not messages


@pytest.mark.parametrize(
    "path",
    [path for path in RULE_FILES if path.parent.name != SPACES],
    ids=lambda path: path.name,
)
def test_directives_stand_in_the_vocabulary_only(path: Path) -> None:
    allowed = {ASTType.Rule, ASTType.Comment, ASTType.Program}
    if path.name == "vocabulary.lp":
        allowed = {ASTType.Defined, ASTType.Comment, ASTType.Program}
    parse_files([str(path)], lambda s: _in(s.ast_type, allowed))


def _in(kind: ASTType, allowed: set[ASTType]) -> None:
    assert kind in allowed


def test_each_declared_predicate_is_defined_for_stock_clingo() -> None:
    library = load_library(POLICIES, plans(POLICIES)[0])
    found: set[tuple[str, int]] = set()

    def note(statement: object) -> None:
        if statement.ast_type == ASTType.Defined:  # type: ignore[attr-defined]
            found.add((statement.name, statement.arity))  # type: ignore[attr-defined]

    parse_files([str(POLICIES / "vocabulary.lp")], note)
    assert found == set(library.vocabulary)


def emitted() -> Iterator[tuple[str, int]]:
    """The predicates that the fact builders name: `add("name", ...)` and `yield "name", ...`."""
    trees = [tree(PACKAGE / "engine" / name) for name in ("facts.py", "claim_facts.py")]
    for node in chain.from_iterable(map(ast.walk, trees)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add":
            first, *rest = node.args
            if isinstance(first, ast.Constant):
                yield str(first.value), len(rest)
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            first, *rest = node.value.elts
            if isinstance(first, ast.Constant):
                yield str(first.value), len(rest) + 1


def test_every_fact_is_in_the_vocabulary() -> None:
    vocabulary = load_library(POLICIES, plans(POLICIES)[0]).vocabulary
    facts = set(emitted())
    assert len(facts) > 40
    for signature in facts:
        assert signature in vocabulary, signature
        assert vocabulary[signature].kind == "input"
    inputs = {p.signature for p in vocabulary.values() if p.kind == "input"}
    assert inputs == facts, "an input that nothing states"


def test_rule_ids_belong_to_their_folder() -> None:
    for plan in plans(POLICIES):
        for rule in load_library(POLICIES, plan).rules:
            assert rule.papers.id.split(".")[0] == rule.layer, rule.place


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_modules_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    for function in functions(path):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        assert length <= MOST_FUNCTION_LINES, (
            f"{path}:{function.lineno} {function.name}: {length}"
        )


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_modules_say_what_they_are_for(path: Path) -> None:
    assert ast.get_docstring(tree(path)) or path.stat().st_size == 0
    assert not {"utils", "helpers", "misc", "common"} & set(path.with_suffix("").parts[-1:])
