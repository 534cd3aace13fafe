"""Found code sets as the contract's solution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from infucode.engine.answer import DraftLine, Outcome
from infucode.engine.facts import DAY_MINUTES
from infucode.model.encounter import Encounter
from infucode.model.solution import (
    Ask,
    Assumption,
    CodeSet,
    Line,
    NotReported,
    PolicyRef,
    Reason,
    Solution,
    Warned,
)
from infucode.questions.completions import MOST_SETS, Completions, Range, World
from infucode.questions.found import Found, merged_into, outcomes_of, target
from infucode.questions.hangs import Other, StandIns
from infucode.questions.reasons import Reasons

TOO_MANY = "infucode.too-many-code-sets"
"""The warning that only lines common to all code sets are listed."""
PARTS = {
    "delivery": "all",
    "hours": "additional hours",
    "setup": "pump set-up",
    "drug": "drug",
    "waste": "drug",
}


class View:
    """Turns found code sets into the contract's solution."""

    def __init__(
        self,
        stand_ins: StandIns,
        encounter: Encounter,
        completions: Completions,
        found: list[Found],
        explain: bool,
    ) -> None:
        self.stand_ins, self.encounter, self.explain = stand_ins, encounter, explain
        self.completions, self.found = completions, found
        self.undecided = [o for item in found for o in item.answer.of("cannot_tell")]
        self.untold = any(item.answer.of("cannot_tell_part") for item in found)

    def solution(self, policy: PolicyRef, notices: tuple[Warned, ...], strict: bool) -> Solution:
        certain = self._certain()
        many = len(self.found) > MOST_SETS or not self.completions.complete
        sets = [self._code_set(item, certain) for item in self.found[:MOST_SETS]]
        hidden = [self._not_reported(item) for item in self.found[:MOST_SETS]]
        common = [n for n in hidden[0] if all(n in other for other in hidden)] if hidden else []
        if many:
            sets = [CodeSet((), tuple(line for line in sets[0].lines if line.certain))]
        else:
            sets = [
                CodeSet(s.assuming, s.lines, tuple(n for n in own if n not in common))
                for s, own in zip(sets, hidden, strict=True)
            ]
        outcome = "coded" if len(sets) == 1 and not many else "ambiguous"
        if many or self.undecided or self.untold:
            outcome = "blocked"
        warnings = [*notices, *self._warnings()]
        if many:
            warnings.append(self._too_many())
        if outcome == "coded" and strict and any(x.hangs_on for x in sets[0].lines):
            outcome = "ambiguous"
            sets = self._strict_sets(sets[0])
        return Solution(
            self.encounter.id,
            policy,
            outcome,
            tuple(sets),
            tuple(common),
            tuple(self._asks()),
            tuple(warnings),
        )

    def _certain(self) -> set[tuple[object, ...]]:
        if not self.completions.complete:
            return set()
        common = [{line.shown for line in item.answer.lines} for item in self.found]
        shared = set.intersection(*common) if common else set()
        visits = {
            self.encounter.administration(str(o.arguments[0])).visit for o in self.undecided
        }
        return {shown for shown in shared if shown[1] not in visits}

    def _code_set(self, item: Found, certain: set[tuple[object, ...]]) -> CodeSet:
        lines = tuple(self._line(line, item, certain) for line in item.answer.lines)
        assuming = () if len(self.found) == 1 else tuple(self._assuming(item))
        return CodeSet(assuming, lines)

    def _line(self, line: DraftLine, item: Found, certain: set[tuple[object, ...]]) -> Line:
        key = line.key
        merged = merged_into(item.answer, line)
        because: tuple[Reason, ...] = ()
        hangs = self.stand_ins.hangs_on(line, item.others)
        if self.explain:
            outcomes = outcomes_of(item.answer, line)
            because = tuple(dict.fromkeys(item.reasons.reason(o) for o in outcomes))
        return Line(
            key.code,
            self.label(key.code) or self._drug(line),
            line.units,
            key.modifiers,
            self.encounter.date + timedelta(days=key.day),
            key.visit,
            key.access or None,
            tuple(dict.fromkeys([*line.administrations, *(str(o.arguments[0]) for o in merged)])),
            tuple(line.services),
            key.charge or None,
            line.shown in certain,
            because,
            hangs,
        )

    def _drug(self, line: DraftLine) -> str:
        """The drug's name as the record has it, where the code has no label of its own."""
        ids = line.administrations
        return self.encounter.administration(ids[0]).drug if ids else ""

    def label(self, code: str) -> str:
        """The policy's own short label of a code; empty where it has none."""
        return self.stand_ins.program.labels.get(code, "")

    def _assuming(self, item: Found) -> Iterable[Assumption]:
        world = item.worlds[0]
        words = item.reasons.wording
        for id in world.stops:
            ranges = _joined(id, item.worlds)
            text = ", ".join(self._range(r) for r in ranges)
            said = ", ".join(self._said(r) for r in ranges)
            yield Assumption("stop", id, text, f"{words.administration(id)} stopped at {said}")
        options = dict.fromkeys(
            w.reasons for w in item.worlds if w.stops == world.stops and w.reasons
        )
        if options:
            named = [" and ".join(words.administration(i) for i in ids) for ids in options]
            yield Assumption(
                "primary_reason",
                next(iter(options))[0],
                ", ".join("+".join(ids) for ids in options),
                f"the key reason was {' or '.join(named)}",
            )

    def _range(self, item: Range) -> str:
        ends = [self._clock(item.first), self._clock(item.last)]
        return ends[0] if ends[0] == ends[1] else f"{ends[0]}-{ends[1]}"

    def _said(self, item: Range) -> str:
        """``23:06 to 08-06 00:05``, ``08-06 00:06-01:05``: each date once."""
        clock = self.found[0].reasons.wording.clock
        first, last = clock(item.first), clock(item.last)
        if first == last:
            return first
        if item.first // DAY_MINUTES == item.last // DAY_MINUTES:
            return f"{first}-{last.split(' ')[-1]}"
        return f"{first} to {last}"

    def _clock(self, minute: int) -> str:
        day, _ = divmod(minute, DAY_MINUTES)
        text = self.found[0].reasons.wording.clock(minute)
        return text if not day else text.replace(" ", "T")

    def _not_reported(self, item: Found) -> list[NotReported]:
        answer, found = item.answer, []
        earning = {o.arguments[0] for o in answer.of("line") if o.arguments[1] == "delivery"}
        for outcome in answer.of("merged"):
            if target(answer, str(outcome.arguments[0])) not in earning:
                found.append((outcome, "all"))
        for outcome in answer.of("withheld"):
            found.append((outcome, PARTS[str(outcome.arguments[1])]))
        for outcome in answer.of("lost_minutes"):
            found.append((outcome, f"{outcome.arguments[1]} minutes"))
        found += [(o, "all") for o in answer.of("cannot_tell")]
        found += [(o, str(o.arguments[1])) for o in answer.of("cannot_tell_part")]
        position = {a.id: n for n, a in enumerate(self.encounter.administrations)}
        found.sort(key=lambda pair: (position[str(pair[0].arguments[0])], pair[1], pair[0].rule))
        rows = [self._row(item, o, part, str(o.arguments[0]), None) for o, part in found]
        rows += [
            self._row(item, o, "all", None, str(o.arguments[0]))
            for o in answer.of("service_withheld")
        ]
        return list(dict.fromkeys(rows))

    def _row(
        self,
        item: Found,
        outcome: Outcome,
        part: str,
        administration: str | None,
        service: str | None,
    ) -> NotReported:
        if not self.explain:
            return NotReported(administration, service, part, outcome.rule, "", "")
        reason = item.reasons.reason(outcome)
        return NotReported(administration, service, part, reason.rule, reason.says, reason.cite)

    def _asks(self) -> list[Ask]:
        found: dict[tuple[str, str | None], Ask] = {}
        for item in self.found[:MOST_SETS]:
            for outcome in item.answer.of("ask"):
                id, fact = str(outcome.arguments[0]), str(outcome.arguments[1])
                found.setdefault((fact, id), self._ask(item, outcome, fact, id))
            for outcome in item.answer.of("ask_stay"):
                fact = str(outcome.arguments[0])
                if len(self.found) > 1 or self.undecided:
                    found.setdefault((fact, None), self._ask(item, outcome, fact, None))
        position = {a.id: n for n, a in enumerate(self.encounter.administrations)}
        return sorted(
            found.values(),
            key=lambda a: (
                -1 if a.administration is None else position[a.administration],
                a.fact,
                a.says,
            ),
        )

    def _ask(self, item: Found, outcome: Outcome, fact: str, id: str | None) -> Ask:
        if not self.explain:
            return Ask(fact, id, "", "")
        return Ask(fact, id, item.reasons.reason(outcome).says, item.reasons.matters(outcome))

    def _warnings(self) -> Iterable[Warned]:
        seen: dict[Warned, None] = {}
        for item in self.found[:MOST_SETS]:
            for outcome in [*item.answer.of("warning"), *item.answer.of("service_warning")]:
                if self.explain:
                    reason = item.reasons.reason(outcome)
                    seen.setdefault(Warned(reason.rule, reason.says, reason.cite))
                else:
                    seen.setdefault(Warned(outcome.rule, "", ""))
            for name in self._hanging(item):
                setting = self.stand_ins.program.book.settings[name]
                switch = self.stand_ins.program.book.library.switches[name]
                question = f"{switch.text[:1].lower()}{switch.text[1:].rstrip('.')}"
                seen.setdefault(
                    Warned(
                        f"switch.{name}",
                        f"The plan's source does not say {question}. Lines here depend on the "
                        f"answer that stands in: {switch.spoken(setting.value)}.",
                        setting.cite,
                    )
                )
        return seen

    def _hanging(self, item: Found) -> list[str]:
        stand_ins = self.stand_ins
        return sorted(
            {
                h.switch
                for line in item.answer.lines
                for h in stand_ins.hangs_on(line, item.others)
            }
        )

    def _too_many(self) -> Warned:
        many = len(self.found) > MOST_SETS
        number = f"more than {MOST_SETS}" if many else "too many to try all of its"
        return Warned(
            TOO_MANY,
            f"The record allows {number} code sets; only lines common to all of them "
            "are listed. Answer the questions below first.",
            "infucode solve",
        )

    def _strict_sets(self, own: CodeSet) -> list[CodeSet]:
        """The plan's own code set and those of its other stand-in answers, each explained."""
        item = self.found[0]
        book = self.stand_ins.program.book
        answers: dict[object, Other] = {}
        for other in item.others:
            if other.answer.claim != item.answer.claim:
                answers.setdefault(other.answer.claim, other)
        chosen = list(answers.values())[: MOST_SETS - 1]
        shared = {line.shown for line in item.answer.lines}
        for other in chosen:
            shared &= {line.shown for line in other.answer.lines}
        names = dict.fromkeys(other.switch for other in chosen)
        mine = tuple(_reading(name, book.settings[name].value) for name in names)
        own_lines = tuple(self._line(line, item, shared) for line in item.answer.lines)
        sets = [CodeSet(mine, own_lines, own.not_reported)]
        for other in chosen:
            found = self._under(other)
            lines = tuple(self._line(line, found, shared) for line in other.answer.lines)
            sets.append(CodeSet((_reading(other.switch, other.value),), lines))
        return sets

    def _under(self, other: Other) -> Found:
        """The code set of another stand-in answer, with the reasons of its own program."""
        facts = self.found[0].reasons.facts
        program = self.stand_ins.other(other.switch, other.value)
        reasons = Reasons(program, self.encounter, facts)
        return Found([World({}, (), (), other.answer)], reasons, [])


def _reading(name: str, value: str) -> Assumption:
    return Assumption("switch", None, f"{name}={value}", f"{name} is read as {value}")


def _joined(id: str, worlds: Sequence[World]) -> list[Range]:
    """The ranges of one unknown stop in worlds that agree on all else with the first."""
    first = worlds[0]
    same = [
        w.stops[id]
        for w in worlds
        if w.reasons == first.reasons
        and all(w.stops[other] == r for other, r in first.stops.items() if other != id)
    ]
    joined: list[Range] = []
    for item in sorted(same, key=lambda r: r.first):
        if joined and joined[-1].last + 1 >= item.first:
            joined[-1] = Range(joined[-1].first, max(joined[-1].last, item.last))
        else:
            joined.append(item)
    return joined
