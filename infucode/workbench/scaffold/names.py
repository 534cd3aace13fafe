"""The names of new things: of the right shape, of a layer that is there, and not taken."""

from __future__ import annotations

import re
from pathlib import Path

from infucode.errors import UsageError
from infucode.rulebook.nearest import nearest

PLAN = re.compile(r"[a-z0-9][a-z0-9_-]*")
RULE = re.compile(r"[a-z0-9]+\.[a-z0-9]+(-[a-z0-9]+)*")
RULE_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\.lp")
TOPIC = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LAYER_FILES = ("*.lp", "layer.toml", "profile.toml")
_ID = re.compile(r'^(?:%@\s*id\s*:|rule\s*=)\s*"?([a-z0-9.-]+)"?\s*$', re.M)


def layers(folder: Path) -> tuple[str, ...]:
    """The folders of rules of a policy folder, by name."""
    return tuple(
        sorted(
            path.name
            for path in folder.iterdir()
            if path.is_dir() and any(next(path.glob(name), None) for name in LAYER_FILES)
        )
    )


def layer_of(folder: Path, layer: str) -> Path:
    """The folder of a layer. Raises UsageError with the nearest name if there is none."""
    known = layers(folder)
    if layer not in known:
        hint = nearest(layer, known) or f"layers: {', '.join(known)}"
        raise UsageError(f"there is no layer `{layer}` in `{folder}`; {hint}")
    return folder / layer


def new_rule_id(folder: Path, id: str) -> tuple[Path, str]:
    """The folder of a new rule id and its topic. Raises UsageError where it cannot be used."""
    if not RULE.fullmatch(id):
        raise UsageError(f"`{id}` is not a rule id; write it as `layer.topic-detail`")
    layer, _, topic = id.partition(".")
    home = layer_of(folder, layer)
    known = rule_ids(folder)
    if id in known:
        place = known[id].relative_to(folder.parent)
        raise UsageError(f"the rule id `{id}` is used in {place} already; ids are for ever")
    return home, topic


def rule_ids(folder: Path) -> dict[str, Path]:
    """The rule ids that stand in the files of a policy folder, whether or not they load.

    Raises UsageError where a file cannot be read: nobody knows which ids it takes.
    """
    files = sorted((*folder.rglob("*.lp"), *folder.glob("*/profile.toml")))
    return {id: path for path in files for id in _ID.findall(_text(path))}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"`{path}` cannot be read, so nobody knows which ids it takes: {reason}"
        ) from None


def require_rule(folder: Path, id: str) -> None:
    """Raises UsageError with the nearest id for one that stands nowhere."""
    known = rule_ids(folder)
    if id not in known:
        hint = nearest(id, tuple(known)) or "`infucode rules list` names them"
        raise UsageError(f"there is no rule `{id}` in `{folder}`; {hint}")


def new_plan_id(folder: Path, id: str) -> Path:
    """The folder of a new plan. Raises UsageError where the name cannot be used."""
    if not PLAN.fullmatch(id):
        raise UsageError(
            f"`{id}` is not a plan's name; use small letters, digits, `-` and `_`, such as `acme`"
        )
    if (folder / id).exists():
        raise UsageError(f"`{folder / id}` is there already and is not written over")
    return folder / id


def case_file(folder: Path, name: str) -> Path:
    """Where the cases of `layer/topic` stand. Raises UsageError for any other name."""
    layer, slash, topic = name.partition("/")
    if not slash or not TOPIC.fullmatch(topic):
        known = layers(folder)
        words = re.findall("[a-z0-9]+", (topic if slash else layer).lower())
        meant = f"{layer if layer in known else known[0]}/{'-'.join(words) or 'topic'}"
        raise UsageError(
            f"`{name}` does not name a case file; write it as `layer/topic`, such as `{meant}`"
        )
    return layer_of(folder, layer) / "cases" / f"{topic}.yaml"
