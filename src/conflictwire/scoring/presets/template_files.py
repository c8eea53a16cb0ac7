"""The files that the public scorers of templates read, as lists with order and repeats kept.

Reads what GRIT, GTT and IterX write (a JSON object by document, a list of records, JSON lines); knows
nothing of scores. Order and repeats stay, because the mirrored tools' numbers depend on them.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conflictwire.corpus import strict
from conflictwire.corpus.files import UnusableInput
from conflictwire.scoring.presets.registry import Result

MUC_ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
TYPE = "incident_type"

Entity = list[str]
"""Normalised mentions."""
Roles = dict[str, list[Entity]]

_ID_KEYS = ("docid", "doc_id", "id")
_TEMPLATE_KEYS = {"gold": ("gold_templates", "templates"), "predicted": ("pred_templates", "templates")}
_EXTRACT_KEYS = {"gold": ("gold_extracts", "extracts"), "predicted": ("pred_extracts", "extracts")}
_MUC_ID = re.compile(r"[A-Z]+([0-9])-MUC[0-9]-([0-9]+)")
_NOT_ROLES = {TYPE, "template-spans"}
_SHAPE = "a role holds a list of entities, an entity a list of mentions, a mention is a string or [string, offset]"


@dataclass(frozen=True)
class Template:
    """One template; `type` is None where a prediction's is no string."""

    type: str | None
    roles: Roles

    @property
    def entities(self) -> list[tuple[str, Entity]]:
        """All fillers with their roles, in file order."""
        return [(role, entity) for role, entities in self.roles.items() for entity in entities]


def normalise(mention: str) -> str:
    """A mention as GTT, GRIT and IterX compare it: lower case, no punctuation, no articles, single spaces."""
    bare = mention.lower().translate(str.maketrans("", "", string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def read_templates(path: Path, side: str) -> dict[str, list[Template]]:
    """Templates by document.

    Gold templates that repeat another of their document are dropped and entities without mentions left
    out, as the tools' readers do; in predictions both stay.

    Args:
        path: the file.
        side: gold or predicted; files of predictions may hold both.

    Raises:
        UnusableInput: not in a known format; the message names the document.
    """
    result: dict[str, list[Template]] = {}
    for id, value in _documents(path, _TEMPLATE_KEYS[side]):
        where = f"{path}: document {id!r}"
        if not isinstance(value, list) or not all(isinstance(t, dict) for t in value):
            raise UnusableInput(f"{where}: expected a list of templates, objects of `{TYPE}` and roles")
        seen: list[Any] = []
        for number, raw in enumerate(value, 1):
            if TYPE not in raw:
                raise UnusableInput(f"{where}: template {number} has no `{TYPE}`")
            type = raw[TYPE] if isinstance(raw[TYPE], str) else None
            if type is None and side == "gold":
                raise UnusableInput(f"{where}: template {number}: `{TYPE}` is not a string")
            roles = _roles({k: v for k, v in raw.items() if k not in _NOT_ROLES}, where, side)
            if side == "gold" and (type, list(roles.items())) in seen:
                continue
            seen.append((type, list(roles.items())))
            result.setdefault(id, []).append(Template(type, _normalised(roles)))
        result.setdefault(id, [])
    return result


def read_extracts(path: Path, side: str) -> dict[str, Roles]:
    """Role fillers by document: GRIT's one template a document.

    Args:
        path: the file.
        side: gold or predicted; files of predictions may hold both.

    Raises:
        UnusableInput: not in a known format; the message names the document.
    """
    result: dict[str, Roles] = {}
    for id, value in _documents(path, _EXTRACT_KEYS[side]):
        where = f"{path}: document {id!r}"
        if not isinstance(value, dict):
            raise UnusableInput(f"{where}: expected an object of roles; templates are for the preset `gtt`")
        if id in result:
            raise UnusableInput(f"{where} stands twice; keep one of the two")
        result[id] = _normalised(_roles({k: v for k, v in value.items() if k not in _NOT_ROLES}, where, side))
    return result


def _normalised(roles: Roles) -> Roles:
    return {role: [[normalise(m) for m in entity] for entity in entities] for role, entities in roles.items()}


def _roles(raw: dict[str, Any], where: str, side: str) -> Roles:
    result: Roles = {}
    for role, entities in raw.items():
        if not isinstance(entities, list) or not all(isinstance(e, list) for e in entities):
            raise UnusableInput(f"{where}, role {role!r}: {_SHAPE}")
        read = [[_mention(m, f"{where}, role {role!r}") for m in entity] for entity in entities]
        result[role] = [e for e in read if e] if side == "gold" else read
    return result


def _mention(raw: Any, where: str) -> str:
    text = raw[0] if isinstance(raw, list) and raw else raw
    if not isinstance(text, str):
        raise UnusableInput(f"{where}: {_SHAPE}")
    return text


def _documents(path: Path, keys: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Every document's id and what stands for it, from any of the known layouts."""
    named: set[str] = set()
    for number, record in enumerate(_records(path), 1):
        if not isinstance(record, dict):
            raise UnusableInput(
                f"{path}: document {number}: expected an object, e.g. {{'docid': ..., 'templates': [...]}}"
            )
        id_key = next((k for k in _ID_KEYS if isinstance(record.get(k), (str, int))), None)
        if id_key is not None and not any(k in record for k in keys):
            raise UnusableInput(f"{path}: document {record[id_key]!r} has none of {', '.join(keys)}")
        if id_key is None:  # {document: what stands for it}, whole or one a line
            for id, value in record.items():
                yield _short(id), _unwrapped(value, keys)
            continue
        id = _short(str(record[id_key]))
        if id in named:
            raise UnusableInput(f"{path}: document {id!r} stands twice; keep one of the two")
        named.add(id)
        yield id, _unwrapped(record, keys)


def _unwrapped(value: Any, keys: tuple[str, ...]) -> Any:
    return next((value[k] for k in keys if k in value), value) if isinstance(value, dict) else value


def _short(id: str) -> str:
    """MUC's ids as GTT's predictions write them: `TST3-MUC4-0001` is `30001`."""
    muc = _MUC_ID.fullmatch(id)
    return str(int(muc[1]) * 10000 + int(muc[2])) if muc else id


def _records(path: Path) -> list[Any]:
    data = strict.read_bytes(path)
    if isinstance(data, strict.Unreadable):
        raise UnusableInput(f"{path} {data.message}; {data.hint}")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise UnusableInput(f"{path} holds nothing")
    whole = strict.parse(b'{"":' + data + b"}")
    if isinstance(whole, dict) and len(whole) == 1:
        value = whole[""]
        return value if isinstance(value, list) else [value]
    lines = [(n, line) for n, line in enumerate(data.splitlines(), 1) if line.strip()]
    if len(lines) == 1 or not lines[0][1].rstrip().endswith(b"}"):
        message = whole.message if isinstance(whole, strict.Unreadable) else "more than one value"
        raise UnusableInput(f"{path} is not JSON: {message}")
    result: list[Any] = []
    for number, line in lines:
        record = strict.parse(line)
        if isinstance(record, strict.Unreadable):
            raise UnusableInput(f"{path}, line {number} {record.message}; {record.hint}")
        result.append(record)
    return result


def require_predictions(gold: dict[str, Any], predicted: dict[str, Any]) -> None:
    """Refuses what GRIT's and GTT's scorers stop at: a gold document that the predictions leave out.

    Raises:
        UnusableInput: names the first such document.
    """
    missing = sorted(set(gold) - set(predicted))
    if missing:
        raise UnusableInput(
            f"the predictions have no document {missing[0]!r} ({len(missing)} missing); the mirrored tool wants "
            "every gold document, with an empty list where nothing was found"
        )


def in_order(roles: set[str]) -> list[str]:
    """Roles in the order in which the tools add them up: MUC's first."""
    return [r for r in MUC_ROLES if r in roles] + sorted(roles - set(MUC_ROLES))


def result(metric: str, p_num: float, p_den: float, r_num: float, r_den: float) -> Result:
    """Precision, recall and F1 as all three tools compute them: 0 for 0/0."""
    p = p_num / p_den if p_den else 0.0
    r = r_num / r_den if r_den else 0.0
    return Result(metric, float(p), float(r), float(2 * p * r / (p + r)) if p + r else 0.0)
