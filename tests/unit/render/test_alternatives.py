"""Code sets side by side: only what differs, each line once, in claim order."""

from __future__ import annotations

from dataclasses import replace

from infucode.model.solution import CodeSet, Line, Reason
from infucode.render.alternatives import side_by_side
from infucode.render.code_sets import told_apart
from infucode.render.told import told_kinds
from tests.unit.render.test_render_parts import line


def unsure(code: str, *, says: str = "so", item: str = "a1") -> Line:
    return line(code, says=says, certain=False, item=item)


SETS = (
    CodeSet((), (line("A"), unsure("B"), unsure("D", says="first"))),
    CodeSet((), (line("A"), unsure("C"), unsure("D", says="second"))),
    CodeSet((), (line("A"), replace(unsure("B"), units=2), unsure("D", item="a2"))),
)


def test_each_kind_of_line_has_one_row_in_claim_order() -> None:
    _, rest = told_apart(SETS)
    rows = side_by_side(rest)
    assert [row.line.code for row in rows] == ["B", "C", "D"]
    assert [[n.units for n in cell] for cell in rows[0].cells] == [[1], [], [2]]
    assert [[n.administrations for n in cell] for cell in rows[2].cells] == [
        [("a1",)], [("a1",)], [("a2",)],
    ]  # fmt: skip


def test_a_kind_that_is_the_same_everywhere_has_no_row() -> None:
    _, rest = told_apart([CodeSet((), (unsure("A"), unsure(c))) for c in ("B", "C")])
    assert [row.line.code for row in side_by_side(rest)] == ["B", "C"]


def test_equal_lines_are_told_once_with_their_sets_and_all_reasons() -> None:
    _, rest = told_apart(SETS)
    b, c, d = told_kinds(rest)
    assert [[(n.code, n.units, sets) for n, sets in told.heads] for told in (b, c, d)] == [
        [("B", 1, (1,)), ("B", 2, (3,))], [("C", 1, (2,))], [("D", 1, (1, 2)), ("D", 1, (3,))],
    ]  # fmt: skip
    assert d.reasons[:2] == (
        (Reason("r", "first", "c"), (1,)),
        (Reason("r", "second", "c"), (2,)),
    )
    assert c.reasons == ((Reason("r", "so", "c"), ()),)


def test_two_equal_lines_of_one_set_stay_two() -> None:
    _, rest = told_apart((CodeSet((), (unsure("A"), unsure("A"))), CodeSet((), (unsure("A"),))))
    (told,) = told_kinds(rest)
    assert sorted(sets for _, sets in told.heads) == [(1,), (1, 2)]
    assert [len(cell) for cell in side_by_side(rest)[0].cells] == [2, 1]
