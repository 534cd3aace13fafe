"""When one administration ran: its segments, and whether its times agree with one another."""

from __future__ import annotations

from infucode.documents import words
from infucode.documents.nodes import Scalar
from infucode.documents.problems import quote
from infucode.documents.record import Record
from infucode.documents.times import DAY, Clock
from infucode.model.encounter import Administration


def read_segments(at: Record, clock: Clock) -> tuple[tuple[int, int], ...]:
    """The parts of an interrupted run, in order and apart from one another."""
    found: list[tuple[int, int]] = []
    for record in at.records("segments", "the segment", words.MAX_ITEMS, "segments"):
        before = len(at.problems)
        start = record.required("start", clock.time, 0)
        stop = record.required("stop", clock.time, 0)
        record.done()
        if not clock.is_comparable or len(at.problems) > before:
            continue
        if _runs_forward(record, start, stop, clock, at_once=False):
            _check_order(record, found, start, clock)
            found.append((start, stop))
    return tuple(found)


def _check_order(
    record: Record, earlier: list[tuple[int, int]], start: int, clock: Clock
) -> None:
    if earlier and start < earlier[-1][1]:
        until = clock.moment(earlier[-1][1])
        message = f"the segment begins at {_text(record, 'start')}, before the last one ended"
        help = f"write segments in order, without overlap; the last one ended at `{until}`"
        record.refuse("start", message, help)


def check_run(at: Record, run: Administration, clock: Clock) -> None:
    """Refuse times of one administration that contradict one another."""
    _check_combination(at)
    if not clock.is_comparable:
        return
    if run.start is not None and run.stop is not None:
        at_once = run.technique in words.TECHNIQUE_AT_ONCE
        if _runs_forward(at, run.start, run.stop, clock, at_once=at_once):
            _check_minutes(at, run, clock)
    elif run.start is not None and run.minutes is not None:
        _check_derived_stop(at, run.start + run.minutes, clock)


def _check_combination(at: Record) -> None:
    segments = at.value("segments")
    if segments is not None and getattr(segments, "items", None):
        for key in ("start", "stop", "minutes"):
            if at.has(key):
                help = f"keep either `{key}` or `segments`; segments carry their own times"
                at.refuse(key, f"{quote(key)} stands beside `segments`", help)
    elif at.has("minutes") and at.has("stop") and not at.has("start"):
        help = "write the `start` as well, or `minutes` alone"
        at.refuse("minutes", "`minutes` stands beside a `stop` without a `start`", help)


def _runs_forward(record: Record, start: int, stop: int, clock: Clock, *, at_once: bool) -> bool:
    if stop > start or (stop == start and at_once):
        return True
    started, stopped = _text(record, "start"), _text(record, "stop")
    if stop == start:
        help = "leave `stop` out where the end is not recorded; a push may stop as it starts"
        if record.what == "the segment":
            help = "leave the segment out, or write when it ended"
        message = f"the stop {stopped} is the start: a run of no minutes"
        record.refuse("stop", message, help)
        return False
    message = f"the stop {stopped} is before the start {started}"
    record.refuse("stop", message, _next_day_help(record, start, stop, clock))
    return False


def _next_day_help(record: Record, start: int, stop: int, clock: Clock) -> str:
    days = start // DAY + (1 if stop % DAY <= start % DAY else 0)
    moment = days * DAY + stop % DAY
    if moment > words.MAX_MINUTES:
        return "write the stop with its date, later than the start"
    offset = _offset_text(record)
    exact = f"`{clock.moment(moment)}{offset}`"
    if _is_dated(record):
        return f"mend the date of one of the two, such as {exact} for the stop"
    return f"a run past midnight needs the date of its stop: write {exact}"


def _check_minutes(at: Record, run: Administration, clock: Clock) -> None:
    if run.start is None or run.stop is None or run.minutes is None:
        return
    measured = run.stop - run.start
    if measured != run.minutes:
        message = f"`{run.minutes}` minutes do not agree with start and stop"
        help = f"from `{clock.moment(run.start)}` to `{clock.moment(run.stop)}` are {measured}"
        at.refuse("minutes", message, f"{help} minutes; correct one or leave `minutes` out")


def _check_derived_stop(at: Record, stop: int, clock: Clock) -> None:
    if stop > words.MAX_MINUTES:
        message = f"start and minutes end at {clock.moment(stop)}, beyond the limit"
        at.refuse("minutes", message, f"a document spans at most {words.MAX_DAYS} days")


def _text(record: Record, key: str) -> str:
    node = record.value(key)
    return quote(node.text) if isinstance(node, Scalar) else quote(key)


def _is_dated(record: Record) -> bool:
    node = record.value("stop")
    return isinstance(node, Scalar) and "-" in node.text[:8]


def _offset_text(record: Record) -> str:
    node = record.value("start")
    if not isinstance(node, Scalar):
        return ""
    if node.text.endswith("Z"):
        return "Z"
    return node.text[-6:] if len(node.text) > 11 and node.text[-6] in "+-" else ""
