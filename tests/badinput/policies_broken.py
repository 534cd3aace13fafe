"""Ways to break a policy folder, each with the words that the refusal must hold.

A `§` in a rule marks where the caret must point; it is taken out before the file is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Edit = Callable[[Path], None]

NEW_FILE = "cpt/zz-broken.lp"
PAPERS = (
    "%@ id: cpt.broken\n%@ cite: cpt a test\n%@ text: A test.\n%@ says: {Administration} it is.\n"
)
HEAD = 'warning("cpt.broken", Administration) :- administration(Administration)'


@dataclass(frozen=True)
class Broken:
    """One broken folder: what is done to the shipped one, and how it must be refused."""

    id: str
    edit: Edit
    words: str
    file: str = NEW_FILE
    line: int | None = None
    """The line of the problem; None: any line, 0: the whole file."""
    column: int | None = None

    def __str__(self) -> str:
        return self.id


def rewrite(path: str, old: str, new: str) -> Edit:
    """Replace one text of a shipped file."""

    def edit(folder: Path) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old!r}"
        (folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def append(path: str, text: str) -> Edit:
    """Add text at the end of a shipped file."""

    def edit(folder: Path) -> None:
        old = (folder / path).read_text(encoding="utf-8")
        (folder / path).write_text(old + text, encoding="utf-8")

    return edit


def write(path: str, content: str | bytes) -> Edit:
    """Write a file, new or not."""

    def edit(folder: Path) -> None:
        data = content.encode() if isinstance(content, str) else content
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)

    return edit


def remove(path: str) -> Edit:
    """Take a shipped file away."""
    return lambda folder: (folder / path).unlink()


def both(*edits: Edit) -> Edit:
    """Several edits."""

    def edit(folder: Path) -> None:
        for one in edits:
            one(folder)

    return edit


def rules(id: str, text: str, words: str) -> Broken:
    """A new file with sound papers and these statements."""
    return in_file(id, PAPERS + text + "\n", words)


def body(id: str, literals: str, words: str) -> Broken:
    """A new sound rule with these further body literals."""
    return rules(id, f"{HEAD},\n    {literals}.", words)


def in_file(id: str, text: str, words: str) -> Broken:
    """A new file; `§` marks the place of the problem."""
    if "§" not in text:
        return Broken(id, write(NEW_FILE, text), words)
    before = text[: text.index("§")]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Broken(id, write(NEW_FILE, text.replace("§", "")), words, NEW_FILE, line, column)


NAMES = (
    body("body-predicate-misspelt", "§strat(Administration, _)", "nothing defines `strat/2`"),
    body("body-arity", "§start(Administration)", "nothing defines `start/1`"),
    body("negated-misspelt", "not §pushh(Administration)", "nothing defines `pushh/1`"),
    body("aggregate-misspelt", "1 <= #count { A : §pushh(A) }", "nothing defines `pushh/1`"),
    body("condition-misspelt", "iv(A) : §pushh(A)", "nothing defines `pushh/1`"),
    rules("head-misspelt", "§warnin(A) :- administration(A).", "is neither an outcome nor read"),
    rules("head-arity", "§push(A, A) :- administration(A).", "is neither an outcome nor read"),
    rules("outcome-arity", '§warning("cpt.broken") :- iv(_).', "is neither an outcome nor read"),
    rules(
        "helper-nobody-reads", "§unread(A) :- administration(A).", "neither an outcome nor read"
    ),
    rules("input-derived", "§start(A, 0) :- administration(A).", "no rule may derive it"),
    rules("assumed-derived", "§assumed_reason(A) :- administration(A).", "no rule may derive it"),
    rules("setting-derived", "§value(push_minutes, 1).", "no rule may derive it"),
    rules(
        "table-of-encounter",
        "§outside_category(C) :- category(_, C).",
        "may not depend on an encounter",
    ),
    rules("table-of-helper", '§unlisted_drug("J1") :- one_date.', "may not depend on"),
    body("outcome-read", "§withheld(_, Administration, _)", "reads the outcome `withheld`"),
    body("outcome-read-negated", "not §opens(_, Administration)", "reads the outcome `opens`"),
    rules(
        "outcome-names-other-rule",
        '§warning("cpt.push", A) :- administration(A).',
        'names "cpt.push"',
    ),
    rules(
        "outcome-names-variable", "§warning(Id, A) :- drug_text(A, Id).", "the outcome names Id"
    ),
    body("reserved-name", "not §exception__cpt(Administration)", "reserved name"),
    rules("reserved-head", "§encounter__(e0) :- iv(_).", "reserved name"),
    body("unknown-value", "§value(push_minuts, M), M > 0", "no switch and no value"),
    body("unknown-switch", "§reading(tie_breaks, first)", "no switch and no value"),
    body("value-of-switch", "§value(tie_break, _)", "read with `reading`"),
    body("reading-of-value", "§reading(push_minutes, _)", "read with `value`"),
    body("setting-variable", "§value(Name, _)", "no switch and no value"),
    body("setting-as-text", '§value("push_minutes", _)', "no switch and no value"),
    body(
        "reading-in-aggregate",
        "1 <= #count { A : iv(A), reading(tie_break, first) }",
        "inside an aggregate",
    ),
    body(
        "value-in-condition",
        "iv(A) : length(A, M), value(push_minutes, M)",
        "inside an aggregate or condition",
    ),
)

TYPES = (
    body("text-for-word", 'claim(§"facility")', "argument 1 of `claim`"),
    body("word-for-text", "hcpcs(Administration, §j1745)", "argument 2 of `hcpcs`"),
    body("word-not-in-list", "route(Administration, §ivv)", "argument 2 of `route`"),
    body("word-of-other-list", "route(Administration, §infusion)", "argument 2 of `route`"),
    body("number-for-id", "visit(§1, 1)", "argument 1 of `visit`"),
    body("word-for-id", "iv(§a0)", "argument 1 of `iv`"),
    body("text-for-number", 'visit(Administration, §"1")', "argument 2 of `visit`"),
    body("word-for-number", "stop(Administration, §unknown)", "argument 2 of `stop`"),
    body("id-of-other-sort", "access_reason(§Administration, _)", "argument 1"),
    body("code-for-modifier", "service_modifier(_, C), needs_primary(§C)", "argument 1"),
    body("switch-word", "reading(tie_break, §frist)", "argument 2 of `reading`"),
    body("compare-minutes-text", 'minutes(Administration, M), M > §"15"', "is a text"),
    body("compare-word-elsewhere", "route(Administration, R), R != §infusion", "one of"),
    body("compare-word-unknown", "route(Administration, R), R != §ivv", "the word `ivv`"),
    body("compare-id-number", "Administration != §1", "is an administration"),
    body("compare-id-word", "Administration != §a0", "is an administration"),
    body("compare-clock-minutes", "start(Administration, S), minutes(_, M), S < §M", "a clock"),
    body("compare-code-modifier", "hcpcs(_, C), service_modifier(_, M), C = §M", "a code"),
    body(
        "compare-in-condition",
        'iv(A) : minutes(A, M), M > §"15"',
        "is a text",
    ),
    body("arithmetic-on-code", "hcpcs(_, C), visit(_, V), V < §C + 1", "not a number"),
    body("arithmetic-on-word", "visit(_, V), V < §iv + 1", "not a number"),
    body("sum-of-codes", "0 < #sum { §C, A : hcpcs(A, C) }", "not a number"),
    rules(
        "outcome-text-for-id",
        'warning("cpt.broken", §"a0") :- iv(_).',
        "argument 2 of `warning`",
    ),
    rules(
        "outcome-word-unknown",
        'withheld("cpt.broken", Administration, §al) :- iv(Administration).',
        "argument 3 of `withheld`",
    ),
    rules(
        "outcome-code-is-number",
        'line("cpt.broken", A, delivery, §1, 1, 0) :- iv(A).',
        "argument 4 of `line`",
    ),
    rules("table-word-unknown", "justifies(§convenient).", "argument 1 of `justifies`"),
    rules("table-text-for-rank", 'family_order(hydration, §"3").', "argument 2"),
    rules("table-code-is-word", "unlisted_drug(§j3490).", "argument 1 of `unlisted_drug`"),
)

LANGUAGE = (
    rules("constraint", "§:- administration(_).", "integrity constraint"),
    rules("constraint-false", "§#false :- administration(_).", "integrity constraint"),
    rules("choice", "§{ iv(A) } :- administration(A).", "a choice"),
    rules("choice-bounded", "§1 { iv(A) : administration(A) } 1.", "a choice"),
    rules("head-aggregate", "§#count { A : iv(A) } = 1 :- claim(_).", "a choice"),
    rules("disjunction", "§iv(A) ; push(A) :- administration(A).", "a disjunction"),
    rules("disjunction-bar", "§iv(A) | push(A) :- administration(A).", "a disjunction"),
    rules("head-condition", "§iv(A) : route(A, iv) :- claim(_).", "a disjunction"),
    rules("head-comparison", "§1 < 1 :- claim(_).", "this head"),
    rules("head-negated", "§not iv(A) :- administration(A).", "this head"),
    rules("classical-negation-head", "§-iv(A) :- administration(A).", "classical negation"),
    body("classical-negation-body", "§-iv(Administration)", "classical negation"),
    body("pool", "route(Administration, §(iv;im))", "pools and intervals"),
    body("pool-of-arguments", "§route(Administration, iv; Administration, im)", "pools"),
    body("interval", "visit(Administration, §1..1)", "pools and intervals"),
    body("interval-compared", "visit(Administration, V), V = §0..1", "pools and intervals"),
    body("compound-argument", "iv(§f(Administration))", "compound term"),
    body("tuple-argument", "iv((§Administration, 1))", "compound term"),
    body("compound-compared", "visit(_, V), W = §f(V), W = W", "compound term"),
    body("compound-in-tuple", "1 <= #count { §f(A) : iv(A) }", "compound term"),
    rules("compound-head", "iv(§f(A)) :- administration(A).", "compound term"),
    body("bit-and", "visit(_, V), V = §1 & 1", "bit operations"),
    body("bit-not", "visit(_, V), V = §~1", "bit operations"),
    body("bit-xor", "visit(_, V), V = §1 ^ 1", "bit operations"),
    body("power", "visit(_, V), V = §1 ** 1", "bit operations and powers"),
    body("theory-atom-body", "§&sum { 1 } > 0", "a theory atom"),
    rules("theory-atom-head", "&§sum { A } > 0 :- iv(A).", "a theory atom"),
    body("set-in-braces", "§1 { iv(A) }", "a set in braces"),
    body("truth-constant", "§#false", "a truth constant"),
    body("at-function", "visit(_, V), V = §@visit(1)", "`@visit` is not allowed"),
    body("at-predicate-argument", "iv(§@first(1))", "`@first` is not allowed"),
    rules("script-python", "§#script (python) pass #end.", "scripts are not allowed"),
    rules("script-lua", "§#script (lua) #end.", "scripts are not allowed"),
    rules("include", '§#include "visits.lp".', "`#include` is not allowed"),
    rules("include-incmode", "§#include <incmode>.", "`#include` is not allowed"),
    rules("include-same-line", 'iv(a) :- iv(a). §#include "visits.lp".', "`#include`"),
    rules("include-spaced", '§#include\n  "../vocabulary.lp"\n.', "`#include`"),
    rules("include-missing", '§#include "no-such-file.lp".', "`#include`"),
    rules("include-itself", '§#include "zz-broken.lp".', "`#include`"),
    rules("external", "§#external iv(A) : administration(A).", "`#external`"),
    rules("show-signature", "§#show iv/1.", "`#show`"),
    rules("show-term", "§#show A : iv(A).", "`#show`"),
    rules("const", "§#const limit = 15.", "`#const`"),
    rules("minimize", "#minimize { §1, A : iv(A) }.", "optimisation"),
    rules("maximize", "#maximize { §1, A : iv(A) }.", "optimisation"),
    rules("weak-constraint", "§:~ iv(A). [1, A]", "optimisation"),
    rules("program-part", "§#program other.", "`#program` parts"),
    rules("program-part-base", "§#program base(t).", "`#program` parts"),
    rules("defined-in-layer", "§#defined ivv/1.", "does not belong in a layer"),
    rules("project", "§#project iv/1.", "`#project`"),
    rules("heuristic", "§#heuristic iv(A) : administration(A). [1, true]", "`#heuristic`"),
    rules("edge", "§#edge (A, A) : iv(A).", "`#edge`"),
    rules("theory", "§#theory t { }.", "theories"),
)

SHAPES = (
    body("number-in-rule", "minutes(Administration, M), M > §15", "the number 15"),
    body("number-negative", "minutes(Administration, M), M > -§15", "the number 15"),
    body("number-in-atom", "visit(Administration, §2)", "the number 2"),
    body("number-in-guard", "§3 <= #count { A : iv(A) }", "the number 3"),
    body("number-in-element", "0 < #sum { §2, A : iv(A) }", "the number 2"),
    body("number-in-aggregate", "1 <= #count { A : visit(A, §2) }", "the number 2"),
    body("number-in-condition", "iv(A) : minutes(A, M), M > §15", "the number 15"),
    body("number-in-head-arithmetic", "start(_, S), visit(_, V), V = S / §60", "the number 60"),
    body("number-beyond-32-bit", "minutes(_, M), M > §2147483648", "too large"),
    rules("table-number-wraps", "family_order(hydration, §4294967297).", "too large"),
    rules("table-hex-wraps", "family_order(hydration, §0x100000001).", "too large"),
    body("number-enormous", f"minutes(_, M), M > §{'9' * 5000}", "too large"),
    body("sum-without-key", "§0 < #sum { M : minutes(_, M) }", "tuples have no key"),
    body("sum-keyed-by-itself", "§0 < #sum { M, M : minutes(_, M) }", "tuples have no key"),
    body("sum-keyed-by-constant", "§0 < #sum { M, 1 : minutes(_, M) }", "tuples have no key"),
    body("sum-plus-without-key", "§0 < #sum+ { M : minutes(_, M) }", "tuples have no key"),
    body("min-unguarded", "§M = #min { N : minutes(_, N) }, M > 0", "#min over nothing is #sup"),
    body("max-unguarded", "§M = #max { N : minutes(_, N) }, M < 0", "#max over nothing is #inf"),
    body("min-compared", "§#min { N : minutes(_, N) } > 0", "#min over nothing is #sup"),
    body(
        "min-bound-but-not-equal",
        "minutes(Administration, M), §M <= #min { N : minutes(_, N) }",
        "#min over nothing is #sup",
    ),
    body(
        "min-negated",
        "minutes(Administration, M), not §M = #min { N : minutes(_, N) }",
        "#min over nothing is #sup",
    ),
    body(
        "min-two-guards",
        "minutes(_, K), §K <= #min { N : minutes(_, N) } <= K",
        "#min over nothing is #sup",
    ),
    body("sup-compared", "minutes(Administration, M), M < §#sup", "#sup stands in a rule"),
    body("inf-compared", "minutes(Administration, M), M > §#inf", "#inf stands in a rule"),
    rules("sup-in-head", "family_order(hydration, §#sup).", "#sup stands in a rule"),
    rules(
        "unsafe-head",
        "odd(A) :- not iv(A).\nodd(A) :- odd(A).",
        "unsafe variable `A`",
    ),
    rules("unsafe-fact", "justifies(Reason).", "unsafe variable `Reason`"),
    body("unsafe-comparison", "§M > 0", "unsafe variable `M`"),
    body("unsafe-negation", "not access(Administration, §X)", "unsafe variable"),
    body("unsafe-aggregate", "1 <= #count { A, B : iv(A) }", "unsafe variable"),
    rules(
        "through-negation",
        "§odd(A) :- iv(A), not even_(A).\neven_(A) :- iv(A), not odd(A).",
        "`odd` hangs on the absence of `even_`",
    ),
    rules("through-itself", "§odd(A) :- iv(A), not odd(A).", "hangs on the absence of `odd`"),
    rules(
        "through-double-negation",
        "§odd(A) :- iv(A), not not odd(A).",
        "hangs on the absence of `odd`",
    ),
    rules(
        "through-aggregate",
        "§odd(A) :- iv(A), 1 <= #count { B : odd(B) }.",
        "hangs on the absence of `odd`",
    ),
    rules(
        "through-condition", "§odd(A) :- iv(A), odd(B) : iv(B).", "hangs on the absence of `odd`"
    ),
    rules("growing-head", "§odd(N + 1) :- odd(N).\nodd(0).", "never ends"),
    rules("growing-equation", "§odd(M) :- odd(N), M = N + 1.\nodd(0).", "never ends"),
    rules("growing-twice", "§odd(K) :- odd(N), M = N + 1, K = M.\nodd(0).", "never ends"),
    rules("growing-backwards", "§odd(M) :- odd(N), N = M - 1.\nodd(0).", "never ends"),
    rules("growing-in-atom", "§odd(M) :- odd(M - 1).\nodd(0).", "never ends"),
    rules(
        "growing-by-aggregate",
        "§odd(M) :- odd(N), M = #sum { N, A : iv(A) }.\nodd(0).",
        "never ends",
    ),
    rules(
        "growing-by-two",
        "§odd(N + 1) :- even_(N).\neven_(N) :- odd(N).\nodd(0).",
        "never ends",
    ),
)


def papers(id: str, text: str, words: str) -> Broken:
    """A new file with one sound rule under these papers."""
    return in_file(id, text + HEAD + ".\n", words)


ID, CITE, TEXT, SAYS = (line + "\n" for line in PAPERS.strip().split("\n"))

PAPER_CASES = (
    in_file("rule-without-papers", f"§{HEAD}.\n", "a rule without papers"),
    in_file(
        "papers-detached",
        f"{ID}{CITE}{TEXT}{SAYS}\n{HEAD}.\n",
        "papers that belong to no rule",
    ),
    in_file("papers-at-end", f"{PAPERS}{HEAD}.\n\n§%@ id: cpt.last\n", "belong to no rule"),
    in_file(
        "papers-above-block-comment",
        f"{PAPERS}%* a block\n   comment *%\n{HEAD}.\n",
        "papers that belong to no rule",
    ),
    papers("paper-key-unknown", f"{ID}{CITE}{TEXT}§%@ sais: x\n{SAYS}", "not a key of papers"),
    papers("paper-key-capital", f"{ID}{CITE}{TEXT}{SAYS}§%@ From: 2024-01-01\n", "not a key"),
    papers("paper-without-colon", f"{ID}{CITE}{TEXT}{SAYS}§%@ from 2024-01-01\n", "not a key"),
    papers("paper-sigil-lost", f"{ID}{CITE}{TEXT}{SAYS}§% until: 2024-01-01\n", "looks like"),
    papers("paper-sigil-apart", f"{ID}{CITE}{TEXT}{SAYS}§% @beats: x (A)\n", "looks like papers"),
    papers("paper-sigil-double", f"{ID}{CITE}{TEXT}{SAYS}§%%@from: 2024-01-01\n", "looks like"),
    papers("id-missing", f"§{CITE}{TEXT}{SAYS}", "papers without `id`"),
    papers("cite-missing", f"§{ID}{TEXT}{SAYS}", "papers without `cite`"),
    papers("text-missing", f"§{ID}{CITE}{SAYS}", "papers without `text`"),
    papers("text-empty", f"§{ID}{CITE}%@ text:\n{SAYS}", "papers without `text`"),
    papers("id-twice", f"{ID}§{ID}{CITE}{TEXT}{SAYS}", "`id` is given twice"),
    papers("from-twice", f"{PAPERS}%@ from: 2024-01-01\n§%@ from: 2025-01-01\n", "given twice"),
    papers("id-malformed", f"§%@ id: Cpt.Broken\n{CITE}{TEXT}{SAYS}", "is not a rule id"),
    papers("id-one-word", f"§%@ id: broken\n{CITE}{TEXT}{SAYS}", "is not a rule id"),
    papers("id-of-other-file", f"§%@ id: cpt.slot\n{CITE}{TEXT}{SAYS}", "is used at"),
    papers("from-no-date", f"{PAPERS}§%@ from: yesterday\n", "is not a date"),
    papers("from-no-such-day", f"{PAPERS}§%@ from: 2024-02-30\n", "is not a date"),
    papers("from-week-date", f"{PAPERS}§%@ from: 2024-W31-2\n", "is not a date"),
    papers("from-empty", f"{PAPERS}§%@ from:\n", "is not a date"),
    papers(
        "from-after-until",
        f"{PAPERS}%@ from: 2024-08-02\n§%@ until: 2024-08-01\n",
        "which is never",
    ),
    papers("cite-unknown", f"{ID}%@ cite: §cptt note\n{TEXT}{SAYS}", "not in sources.toml"),
    papers("cite-second-unknown", f"{ID}%@ cite: cpt; §nothing\n{TEXT}{SAYS}", "`nothing`"),
    papers(
        "says-unbound",
        f"{ID}{CITE}{TEXT}%@ says: {{Minutes}} are few.\n",
        "names `{Minutes}`",
    ),
    papers("says-small", f"{ID}{CITE}{TEXT}%@ says: {{minutes}} are few.\n", "not a placeholder"),
    papers("says-primed", f"{ID}{CITE}{TEXT}%@ says: {{Other'}} too.\n", "not a placeholder"),
    papers(
        "says-open",
        f"{ID}{CITE}{TEXT}%@ says: {{Administration}} §{{ is.\n",
        "`{` is not a placeholder",
    ),
    papers("says-missing", f"§{ID}{CITE}{TEXT}", "an outcome without words"),
    papers("beats-malformed", f"{PAPERS}§%@ beats: cpt.push\n", "does not name a rule and its"),
    papers("beats-unknown-rule", f"§{PAPERS}%@ beats: cpt.pushh (Administration)\n", "no rule"),
    papers(
        "beats-no-variable", f"§{PAPERS}%@ beats: cpt.considered (Drug)\n", "no variables Drug"
    ),
    papers(
        "beats-unbound-here",
        f"{PAPERS}%@ beats: cpt.initial-facility (Code)\n",
        "does not bind Code",
    ),
    papers("beats-itself", f"{PAPERS}%@ beats: cpt.broken (Administration)\n", "beat each other"),
    Broken(
        "beats-each-other",
        both(
            write(NEW_FILE, f"{PAPERS}%@ beats: cpcp026.broken (Administration)\n{HEAD}.\n"),
            write(
                "cpcp026/zz-broken.lp",
                (PAPERS + f"%@ beats: cpt.broken (Administration)\n{HEAD}.\n")
                .replace("cpt.broken", "cpcp026.broken", 1)
                .replace('warning("cpt.broken"', 'warning("cpcp026.broken"'),
            ),
        ),
        "beat each other",
        "zz-broken.lp",
    ),
)

BROKEN_RULES: tuple[Broken, ...] = (*NAMES, *TYPES, *LANGUAGE, *SHAPES, *PAPER_CASES)
