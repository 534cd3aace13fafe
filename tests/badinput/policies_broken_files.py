"""Ways to break the other files of a policy folder, and files that are no rules at all."""

from __future__ import annotations

from tests.badinput.policies_broken import (
    HEAD,
    NEW_FILE,
    PAPERS,
    Broken,
    append,
    in_file,
    remove,
    rewrite,
    rules,
    write,
)

PROFILE, SWITCHES, LAYER = "cpcp026/profile.toml", "switches.toml", "cpt/layer.toml"
SOURCES, VOCABULARY = "sources.toml", "vocabulary.lp"
FIRST_BLOCK = 13
"""The line of the vocabulary on which its first predicate begins."""
LAYERS = '["cpt", "ncci", "cpcp026", "claim"]'
HYDRATION = 'name = "hydration_minimum"\nvalue = 31\n'
PUSH = 'name = "push_minutes"\ntype = "minutes"\nvalue = 15\n'


def profile(id: str, old: str, new: str, words: str, line: int | None = None) -> Broken:
    """The plan's profile, with one text replaced."""
    return Broken(id, rewrite(PROFILE, old, new), words, PROFILE, line)


def layer(id: str, old: str, new: str, words: str, line: int | None = None) -> Broken:
    """The values of a layer, with one text replaced."""
    return Broken(id, rewrite(LAYER, old, new), words, LAYER, line)


def answer(value: str) -> str:
    return (
        f'\n[[switch]]\nname = "tie_break"\nvalue = "{value}"\nbasis = "read"\ncite = "cpt a"\n'
    )


TOML = (
    Broken("profile-syntax", append(PROFILE, "\n[[switch]\n"), "cannot be read as TOML", PROFILE),
    Broken("switches-syntax", append(SWITCHES, "\nx = \n"), "cannot be read as TOML", SWITCHES),
    Broken("toml-key-twice", append(SOURCES, '\n[cpt]\ntitle = "x"\n'), "`cpt` twice", SOURCES),
    Broken("toml-not-utf8", write(SOURCES, b'[a]\ntitle = "\xff"\n'), "not UTF-8", SOURCES),
    Broken("toml-nested", write(SWITCHES, "x = " + "[" * 90_000), "too deeply", SWITCHES, 0),
    Broken("toml-long-number", append(LAYER, f"\nx = {'9' * 5000}\n"), "too long", LAYER, 0),
    profile("profile-key-unknown", "title =", 'titel = "x"\ntitle =', "`titel` is not a key"),
    profile("switch-key-unknown", HYDRATION, HYDRATION + 'bases = "x"\n', "`bases` is not a key"),
    profile("version-key-unknown", "superseded_from", "superseeded_from", "is not a key"),
    profile("switch-unknown", '"tie_break"', '"tie_breaks"', "`tie_breaks` is not a switch"),
    profile("switch-unanswered", '"tie_break"', '"no_clock"', "`tie_break` has no answer", 0),
    profile("switch-twice", '[[switch]]\nname = "no', answer("first") + '[[switch]]\nname = "no',
            "`tie_break` has 2 answers on 2024-07-30"),
    profile(
        "switch-twice-later",
        HYDRATION,
        HYDRATION.replace("31", "31\nuntil = 2024-12-31")
        + 'basis = "read"\ncite = "cpt a"\n[[switch]]\n'
        + HYDRATION.replace("31", "16\nfrom = 2024-12-31"),
        "has 2 answers on 2024-12-31",
    ),
    profile(
        "switch-ends", HYDRATION, HYDRATION + "until = 2024-12-31\n", "0 answers on 2025-01-01"
    ),
    profile(
        "switch-begins-late", HYDRATION, HYDRATION + "from = 2024-08-01\n", "has 0 answers"
    ),
    profile("switch-value-unknown", "= 31", "= 30", "`30` is not a value of switch"),
    profile("switch-value-missing", "\nvalue = 31\n", "\n", "is not a value of switch"),
    profile("switch-value-truth", '= "longest"', "= true", "no text or whole number"),
    profile("switch-value-list", '= "longest"', '= ["longest"]', "no text or whole number"),
    profile("basis-unknown", 'basis = "stated"', 'basis = "sated"', "no known basis"),
    profile("switch-cite-missing", "value = 31\n", 'value = 31\ncite = ""\n#', "as TOML"),
    profile("switch-cite-unknown", '"cpcp026-v1 hydration"', '"cp hydration"', "cites `cp`", 0),
    profile("notice-cite-unknown", 'cite = "cpcp026-v1 version', 'cite = "cp version', "`cp`", 0),
    profile("notice-missing", "[notice.superseded]", "[notice.superceded]", "no notice", 0),
    profile("notice-placeholder", "{superseded}", "{supersded}", "not a placeholder of a notice"),
    profile("notice-not-table", "[notice.before_first]", "[notices.x]", "`notices` is not a key"),
    profile("version-missing", "[[version]]", "[[versions]]", "the profile has no version", 0),
    profile("version-without-from", "from = 2024-07-30\n", "", "does not say from when"),
    profile("version-from-text", "from = 2024-07-30", 'from = "2024-07-30"', "is not a date"),
    profile("version-from-moment", "from = 2024-07-30", "from = 2024-07-30T10:00:00", "a date"),
    profile(
        "version-never", "from = 2024-07-30\n", "from = 2024-07-30\nuntil = 2024-07-29\n", "never"
    ),
    profile(
        "versions-overlap",
        "[notice.before",
        '[[version]]\nname = "1.1"\nfrom = 2025-09-26\nlayers = ["cpt"]\n[notice.before',
        "versions `1.0` and `1.1` overlap",
    ),
    profile("layers-missing", f"layers = {LAYERS}\n", "", "not name its layers"),
    profile("layers-empty", LAYERS, "[]", "not name its layers"),
    profile("layers-text", LAYERS, '"cpt"', "is not a list"),
    profile("layers-number", LAYERS, "5", "is not a list"),
    profile("layer-outside", LAYERS, '["cpt", "../cpt"]', "not name its layers"),
    profile("layer-absolute", LAYERS, '["cpt", "/etc"]', "not name its layers"),
    profile("layer-no-folder", LAYERS, '["cpt", "nowhere"]', "not a folder", 0),
    profile("title-number", 'title = "BCBSIL', 'title = 5 # "', "is not a text"),
    profile("id-empty", 'id = "cpcp026"', 'id = " "', "has no `id`"),
    layer("value-type-unknown", '"minutes"', '"minuts"', "has no known type"),
    layer("value-missing", "\nvalue = 15\n", "\n", "has no value"),
    layer("value-fraction", "value = 15", "value = 15.5", "no text or whole number"),
    layer("value-text", "value = 15", 'value = "fifteen"', "not a whole number of its range", 0),
    layer("value-signs", "value = 15", 'value = "--5"', "not a whole number of its range", 0),
    layer("value-superscript", "value = 15", 'value = "²"', "not a whole number", 0),
    layer("value-out-of-range", "value = 15", "value = 2000000", "not a whole number of its", 0),
    layer("value-beyond-32-bit", "value = 15", "value = 4294967297", "is too large"),
    layer("value-nul", '"59"', '"5\\u0000"', "is not printable"),
    layer("value-newline", '"59"', '"5\\n9"', "is not printable"),
    layer("value-cite-missing", 'cite = "infucode times"', "", "has no `cite`"),
    layer("value-cite-unknown", '"infucode times"', '"infu times"', "cites `infu`", 0),
    layer("value-ends", PUSH, PUSH + "until = 2024-08-01\n", "0 answers on 2024-08-02", 0),
    layer("value-twice", "[[value]]", f'[[value]]\n{PUSH}cite = "cpt a"\n\n[[value]]',
          "`push_minutes` has 2 answers", 0),
    layer("value-and-switch", '"push_minutes"', '"hydration_minimum"', "a switch and a value", 0),
    Broken("value-renamed", rewrite(LAYER, '"push_minutes"', '"push_minute"'),
           "no switch and no value", "cpt/form.lp"),
    layer("value-key-unknown", PUSH, PUSH + 'units = "min"\n', "`units` is not a key"),
    layer("value-no-list", "[[step]]", "[step]", "not a list of tables"),
    layer("step-unknown-value", 'every = "hour_minutes"', 'every = "hours"', "no value of this"),
    layer("step-key-unknown", 'every = "hour_minutes"', 'each = "hour_minutes"', "is not a key"),
    layer("value-date-text", PUSH, PUSH + 'from = "2024"\n', "is not a date"),
    Broken("switch-no-values", rewrite(SWITCHES, 'values = ["sum", "each_31"]', ""), "no values",
           SWITCHES),
    Broken("switch-values-text", rewrite(SWITCHES, '["sum", "each_31"]', '"sum"'), "not a list",
           SWITCHES),
    Broken("switch-values-number", rewrite(SWITCHES, '["sum", "each_31"]', "5"), "not a list",
           SWITCHES),
    Broken("switch-values-reserved", rewrite(SWITCHES, '["sum", "each_31"]', '["sum", "not"]'),
           "no values of a known type", SWITCHES),
    Broken("switch-type-list", rewrite(SWITCHES, 'type = "minutes"', 'type = ["minutes"]'),
           "no values of a known type", SWITCHES),
    Broken("switch-key", rewrite(SWITCHES, 'type = "minutes"', 'kind = "minutes"'), "not a key",
           SWITCHES),
    Broken("switch-not-table", rewrite(SWITCHES, "[missing_stop]", "x = 1\n[missing_stop]"),
           "`x` is not a switch", SWITCHES),
    Broken("source-without-url", rewrite(SOURCES, 'url = "https://www.medicalcodingbyj', "#"),
           "`mcbj-guide` has no `url`", SOURCES),
    Broken("source-key", rewrite(SOURCES, "version =", "versoin ="), "not a key", SOURCES),
    Broken("source-not-table", write(SOURCES, 'cpt = "x"\n'), "`cpt` is not a source", SOURCES),
    Broken("sources-empty", write(SOURCES, ""), "not in sources.toml", ""),
)  # fmt: skip

FILES = (
    Broken("not-utf8", write(NEW_FILE, b"% caf\xe9\n"), "is not UTF-8 text", line=1),
    in_file("nul", f"{PAPERS}{HEAD}.\n% a§\0b\n", "holds a NUL character"),
    in_file("only-carriage-returns", f"{PAPERS}{HEAD}.\n".replace("\n", "\r"), "lone carriage"),
    in_file("empty", "", "holds no rules"),
    in_file("only-comments", "% nothing\n" * 50_000, "holds no rules"),
    in_file("statement-cut", f"{PAPERS}{HEAD}, iv(§\n", "the file ends within a rule"),
    in_file("statement-without-end", f"{PAPERS}{HEAD}§\n", "the file ends within a rule"),
    in_file("statement-not-ended", f"{PAPERS}{HEAD}§\n\n{PAPERS}{HEAD}.\n", "does not end in"),
    in_file("comma-for-stop", f"{PAPERS}{HEAD}§,\n\n{PAPERS}{HEAD}.\n", "does not end in"),
    in_file("joined-by-and", f"{PAPERS}{HEAD} §and iv(Administration).\n", "syntax error"),
    in_file("single-quotes", f"{PAPERS}{HEAD}, hcpcs(_, §'J 1').\n", "in single quotes"),
    in_file("escape-unknown", f'{PAPERS}{HEAD}, hcpcs(_, §"J\\1").\n', "in a text"),
    in_file("script-not-closed", f"{PAPERS}§#script (python)\nx\n", "scripts are not allowed"),
    in_file("text-not-closed", f'{PAPERS}{HEAD}, hcpcs(_, §"J1).\n', "not closed"),
    in_file("comment-not-closed", f"{PAPERS}{HEAD}.\n§%* never ends\n", "not closed"),
    in_file("euro-sign", f"{PAPERS}{HEAD}, §€.\n", "`€` outside of a text"),
    in_file("accented-name", f"{PAPERS}{HEAD}, iv(§é).\n", "`é` outside of a text"),
    in_file("curly-quotes", f"{PAPERS}{HEAD}, hcpcs(_, §“J1”).\n", "`“` outside of a text"),
    in_file("no-break-space", f"{PAPERS}{HEAD},§\xa0iv(Administration).\n", "outside of a text"),
    in_file("text-not-closed-accented", f'{PAPERS}{HEAD}, hcpcs(_, §"é).\n', "not closed"),
    in_file("byte-order-mark", f"§\ufeff{PAPERS}{HEAD}.\n", "a byte order mark"),
    rules("deep-parentheses", "iv(" + "(" * 30_000 + "1", "more than 20000 characters"),
    rules("deep-sum", f"justifies({'+'.join(['1'] * 5000)}).", "nested too deep"),
    rules("deep-minus", f"justifies({'-' * 5000}1).", "nested too deep"),
    rules("deep-sum-crash", f"justifies({'+'.join(['1'] * 200_000)}).", "more than 20000"),
    rules("long-line", f'{HEAD}{", iv(Administration)" * 50_000}.', "more than 20000"),
    Broken("directory", lambda folder: (folder / NEW_FILE).mkdir(), "is not a file", line=0),
    Broken(
        "link-to-nothing",
        lambda folder: (folder / NEW_FILE).symlink_to("nowhere"),
        "is a link that leads to no file",
        line=0,
    ),
    Broken("layer-file-emptied", write("cpt/lines-further.lp", ""), "holds no rules",
           "cpt/lines-further.lp", 0),
    Broken("helper-file-removed", remove("cpt/slot.lp"), "nothing defines", "cpt/"),
    Broken("vocabulary-empty", write(VOCABULARY, ""), "nothing defines", "cpt/"),
    Broken("sources-missing", remove(SOURCES), "is missing", SOURCES, 0),
    Broken("switches-missing", remove(SWITCHES), "is missing", SWITCHES, 0),
    Broken("values-missing", remove(LAYER), "no switch and no value", "cpt/"),
    Broken("rule-in-vocabulary", append(VOCABULARY, "iv(a) :- claim(_).\n"), "holds no rules",
           VOCABULARY),
    Broken("predicate-twice", append(VOCABULARY, "%*! claim(Claim)\nKind: input\nAgain.\n"
           "  Claim: facility | professional\nAbsent: refused\n*%\n"), "declared twice",
           VOCABULARY),
    Broken("kind-unknown", rewrite(VOCABULARY, "Kind: input", "Kind: imput"), "no known kind",
           VOCABULARY, FIRST_BLOCK),
    Broken("type-unknown", rewrite(VOCABULARY, "Years: years", "Years: year"), "no known type",
           VOCABULARY),
    Broken("argument-untyped", rewrite(VOCABULARY, "  Years: years\n", ""), "no known type",
           VOCABULARY),
    Broken("absence-unsaid", rewrite(VOCABULARY, "Absent: refused\n", ""), "what absence means",
           VOCABULARY, FIRST_BLOCK),
    Broken("block-head", rewrite(VOCABULARY, "%*! claim(Claim)", "%*! Claim(claim)"),
           "not a predicate's head", VOCABULARY, FIRST_BLOCK),
    Broken("block-lost", rewrite(VOCABULARY, "%*! claim(Claim)", "%* claim(Claim)"),
           "nothing defines `claim/1`", "cpt/"),
    Broken("outcome-lost", rewrite(VOCABULARY, "%*! own_line(", "%* own_line("),
           "neither an outcome nor read", "cpt/"),
)  # fmt: skip

BROKEN_FILES: tuple[Broken, ...] = (*TOML, *FILES)
