"""From clingo's syntax tree to the rule language; what is not in the language is refused."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from clingo import SymbolType
from clingo.ast import (
    AST,
    AggregateFunction,
    ASTType,
    BinaryOperator,
    ComparisonOperator,
    UnaryOperator,
)

from infucode.errors import Problem
from infucode.rulebook.language import (
    Aggregate,
    Atom,
    Clause,
    Comparison,
    Conditional,
    Element,
    Formula,
    Literal,
    Place,
    Term,
)
from infucode.rulebook.source import Source

if TYPE_CHECKING:
    from clingo.ast import Location

_OPERATORS = {
    ComparisonOperator.Equal: "=",
    ComparisonOperator.NotEqual: "!=",
    ComparisonOperator.LessThan: "<",
    ComparisonOperator.LessEqual: "<=",
    ComparisonOperator.GreaterThan: ">",
    ComparisonOperator.GreaterEqual: ">=",
}
_BINARY = {
    BinaryOperator.Plus: "+",
    BinaryOperator.Minus: "-",
    BinaryOperator.Multiplication: "*",
    BinaryOperator.Division: "/",
    BinaryOperator.Modulo: "\\",
}
_FUNCTIONS = {
    AggregateFunction.Count: "#count",
    AggregateFunction.Sum: "#sum",
    AggregateFunction.SumPlus: "#sum+",
    AggregateFunction.Min: "#min",
    AggregateFunction.Max: "#max",
}
Lines = tuple[str, ...]
"""Of the file, without line ends."""
_DEEP = "a term nested too deep"
_DEEPEST = 50
_OTHER = "bit operations and powers"
_HEADS = {
    "Disjunction": "a disjunction",
    "Aggregate": "a choice",
    "HeadAggregate": "a choice",
    "TheoryAtom": "a theory atom",
}

_PLAIN = re.compile(
    r"""([a-z]\w*)\((?:(?:"[^"\\]*"|[A-Z][\w']*|[a-z]\w*|_|0|[1-9]\d{0,8})(?:, |(?=\))))+\)""",
    re.A,
)
_ARGUMENT = re.compile(r"""[\w'"](?:(?<=")[^"]*"|[\w']*)""", re.A)
_KINDS = {
    '"': "string",
    **dict.fromkeys(string.ascii_lowercase, "word"),
    **dict.fromkeys(string.digits, "number"),
}


class Refused(Exception):
    """Something outside the rule language, at a place."""

    def __init__(self, place: Place, message: str, help: str) -> None:
        super().__init__(message)
        self.place, self.message, self.help = place, message, help


def clause_of(rule: AST, source: Source, problems: list[Problem]) -> Clause | None:
    """The rule as a clause, or None with a problem noted."""
    try:
        location = rule.location
        if (row := _plain(location, source.lines, stop=1)) is not None:
            return Clause(row, (), row.place, row.place[0])
        lines = source.lines
        body = tuple([_literal(item, lines) for item in rule.body])
        head = _head(rule.head, lines)
        return Clause(head, body, _place(location), location.end.line)
    except Refused as refused:
        problems.append(source.problem(*refused.place, refused.message, refused.help))
    except RecursionError:
        place = _place(rule.location)
        problems.append(source.problem(*place, _DEEP, "break it into several rules"))
    return None


def _plain(location: Location, lines: Lines, *, stop: int = 0) -> Atom | None:
    """An atom of variables and constants at a location, which clingo has parsed, read from its
    text: that is faster. None for whatever is more. With `stop` so many characters follow it."""
    begin, end = location.begin, location.end
    if begin.line != end.line:
        return None
    line = lines[begin.line - 1]
    match = _PLAIN.fullmatch(line, begin.column - 1, end.column - 1 - stop)
    if match is None or not line.isascii() or "__" in match[1]:
        return None
    terms = (
        Term(_KINDS.get(m[0][0], "variable"), m[0], (), (begin.line, m.start() + 1))
        for m in _ARGUMENT.finditer(line, match.end(1), match.end())
    )
    return Atom(match[1], tuple(terms), (begin.line, begin.column))


def _place(location: object) -> Place:
    begin = location.begin  # type: ignore[attr-defined]
    return begin.line, begin.column


def _head(head: AST, lines: Lines) -> Atom:
    kind = head.ast_type
    if kind == ASTType.Literal and not head.sign and head.atom.ast_type == ASTType.SymbolicAtom:
        return _atom(head.atom, lines)
    if kind == ASTType.Literal and head.atom.ast_type == ASTType.BooleanConstant:
        raise Refused(
            _place(head.location),
            "an integrity constraint is not allowed in a policy",
            "derive an outcome that says what is wrong",
        )
    raise Refused(
        _place(head.location),
        f"{_HEADS.get(kind.name, 'this head')} is not allowed in a policy",
        "write rules with one plain atom as their head",
    )


def _literal(node: AST, lines: Lines) -> Literal:
    if node.ast_type == ASTType.ConditionalLiteral:
        condition = tuple([_literal(item, lines) for item in node.condition])
        return Literal(Conditional(_literal(node.literal, lines), condition))
    if node.ast_type != ASTType.Literal:
        raise Refused(_place(node.location), f"`{node}` is not allowed in a policy", "use rules")
    return Literal(_formula(node, lines), int(node.sign))


def _formula(literal: AST, lines: Lines) -> Formula:
    node = literal.atom
    kind = node.ast_type
    if kind == ASTType.SymbolicAtom:
        return _atom(node, lines)
    if kind == ASTType.Comparison:
        guards = list(node.guards)
        return Comparison(
            (_term(node.term), *(_term(g.term) for g in guards)),
            tuple(_OPERATORS[g.comparison] for g in guards),
        )
    if kind == ASTType.BodyAggregate:
        return Aggregate(
            _FUNCTIONS[node.function],
            tuple(
                Element(
                    tuple(map(_term, e.terms)), tuple([_literal(c, lines) for c in e.condition])
                )
                for e in node.elements
            ),
            _guard(node.left_guard),
            _guard(node.right_guard),
            _place(node.location),
        )
    words = {
        ASTType.Aggregate: "a set in braces",
        ASTType.TheoryAtom: "a theory atom",
        ASTType.BooleanConstant: "a truth constant",
    }
    raise Refused(
        _place(literal.location),
        f"{words.get(kind, 'this')} is not allowed in a body",
        "write #count, #sum, #min or #max, or plain literals",
    )


def _guard(guard: AST | None) -> tuple[str, Term] | None:
    return None if guard is None else (_OPERATORS[guard.comparison], _term(guard.term))


def _atom(node: AST, lines: Lines) -> Atom:
    symbol = node.symbol
    location = symbol.location
    place = _place(location)
    if (plain := _plain(location, lines)) is not None:
        return plain
    if symbol.ast_type == ASTType.UnaryOperation:
        raise Refused(
            place,
            "classical negation is not allowed in a policy",
            "use `not`, or name the opposite",
        )
    if symbol.ast_type == ASTType.Pool:
        raise Refused(
            place, "pools and intervals are not allowed in a policy", "write one rule for each"
        )
    if symbol.ast_type == ASTType.SymbolicTerm:
        return Atom(str(symbol.symbol), (), place)
    if symbol.external:
        raise Refused(
            place,
            f"`@{symbol.name}` is not allowed in a policy",
            "external functions are never called; write the logic as rules",
        )
    if "__" in symbol.name:
        raise Refused(place, f"`{symbol.name}` is a reserved name", "name it without `__`")
    return Atom(symbol.name, tuple(map(_term, symbol.arguments)), place)


def _term(node: AST) -> Term:
    """A plain term: a variable, a constant or arithmetic."""
    term = _any_term(node)
    if term.kind == "function":
        raise Refused(term.place, f"`{term}` is a compound term", "use plain arguments")
    if term.parts and _depth(term) > _DEEPEST:
        raise Refused(term.place, _DEEP, "break it into several rules")
    return term


def _depth(term: Term) -> int:
    return 1 + max(map(_depth, term.parts), default=0)


def _any_term(node: AST) -> Term:
    kind = node.ast_type
    place = _place(node.location)
    if kind == ASTType.Variable:
        return Term("variable", node.name, (), place)
    if kind == ASTType.SymbolicTerm:
        return _symbol(node, place)
    if kind == ASTType.BinaryOperation:
        if node.operator_type not in _BINARY:
            raise Refused(place, f"{_OTHER} are not allowed in a policy", "use + - * /")
        return Term(
            "arithmetic",
            _BINARY[node.operator_type],
            (_term(node.left), _term(node.right)),
            place,
        )
    if kind == ASTType.UnaryOperation:
        sign = {UnaryOperator.Minus: "-", UnaryOperator.Absolute: "|"}.get(node.operator_type)
        if sign is None:
            raise Refused(place, f"{_OTHER} are not allowed in a policy", "use + - * /")
        return Term("arithmetic", sign, (_term(node.argument),), place)
    if kind == ASTType.Function:
        if node.external:
            raise Refused(
                place,
                f"`@{node.name}` is not allowed in a policy",
                "external functions are never called; write the logic as rules",
            )
        parts = tuple(map(_term, node.arguments))
        if node.name and not parts:
            return Term("word", node.name, (), place)
        return Term("function", node.name, parts, place)
    raise Refused(
        place, "pools and intervals are not allowed in a policy", "write one rule for each"
    )


def _symbol(node: AST, place: Place) -> Term:
    symbol = node.symbol
    kind = {
        SymbolType.Number: "number",
        SymbolType.String: "string",
        SymbolType.Function: "word",
    }.get(symbol.type, "special")
    if kind == "word" and symbol.arguments:
        kind = "function"
    return Term(kind, str(symbol), (), place)
