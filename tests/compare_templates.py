"""The smallest cases where public scorers of templates and our defaults differ.

`python tests/compare_templates.py` prints markdown rows for `benchmarks/CONFORMANCE.md`; the numbers
are computed, the public ones by the presets that mirror the tools.
"""

from dataclasses import dataclass

from conflictwire.scoring import parse
from conflictwire.scoring.counts import PRF, finalise, merge
from conflictwire.scoring.presets import Result, ceaf_rme, grit, gtt
from conflictwire.scoring.presets import template_files as files
from conflictwire.scoring.templates.records import distinct, template

Raw = tuple[str, dict[str, list[list[str]]]]
"""A template as type and fillers by role."""


@dataclass(frozen=True)
class Case:
    """A gold and a predicted document, the two measures, and who is right."""

    name: str
    preset: str
    ours: str
    gold: tuple[Raw, ...]
    predicted: tuple[Raw, ...]
    verdict: str

    def public(self) -> Result:
        """What the mirrored tool says."""
        gold, predicted = ({"d": _file_templates(side)} for side in (self.gold, self.predicted))
        if self.preset.startswith("grit"):
            sides = ({"d": side["d"][0].roles} for side in (gold, predicted))
            return next(r for r in grit.score(*sides) if r.metric == self.preset)
        if self.preset == "gtt":
            return gtt.score(gold, predicted)[0]
        return ceaf_rme.score(self.preset.removeprefix("ceaf-rme-"), gold, predicted)[0]

    def default(self) -> PRF:
        """What our metric says."""
        sides = (distinct(template(t, _normal(roles)) for t, roles in side) for side in (self.gold, self.predicted))
        return finalise(parse(self.ours).score(*sides)[""])


def _normal(roles: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    return {role: [[files.normalise(m) for m in e] for e in entities] for role, entities in roles.items()}


def _file_templates(side: tuple[Raw, ...]) -> list[files.Template]:
    return [files.Template(t, _normal(roles)) for t, roles in side]


def attack(**roles: list[list[str]]) -> Raw:
    """An attack with these fillers."""
    return "attack", roles


CASES = (
    Case(
        "a role that the gold document does not name",
        "grit.strict",
        "templates.ree",
        (attack(Victim=[["mayor"]]),),
        (attack(Victim=[["mayor"]], Weapon=[["bomb"]]),),
        "ours: the weapon is made up; GRIT looks only at roles that the gold names, so it is free",
    ),
    Case(
        "gold mentions that become the same",
        "grit.prop",
        "templates.ree(form=prop)",
        (attack(Victim=[["the army", "army"]]),),
        (attack(Victim=[["army"]]),),
        "ours: no score passes 100 %; GRIT counts both gold copies for one predicted mention",
    ),
    Case(
        "a right filler said twice beside a wrong one",
        "gtt",
        "templates.gtt",
        (attack(Victim=[["mayor"], ["guard"]]),),
        (attack(Victim=[["mayor"], ["mayor"], ["dog"]]),),
        "ours: the copy adds nothing (0.667 without it); GTT counts it right a second time",
    ),
    Case(
        "one filler for two people",
        "gtt",
        "templates.gtt",
        (attack(Victim=[["guard", "Ali"], ["guard", "Omar"]]),),
        (attack(Victim=[["guard"]]),),
        "ours: one of two victims was found; GTT matches many to one and calls it perfect",
    ),
    Case(
        "nothing in common but the type",
        "gtt",
        "templates.gtt",
        (attack(Victim=[["mayor"]]),),
        (attack(Victim=[["dog"]]),),
        "ours: another incident earns nothing; GTT pays for guessing types",
    ),
    Case(
        "a filler without a mention",
        "gtt",
        "templates.gtt",
        (attack(Victim=[["mayor"]]),),
        (attack(Victim=[[]]),),
        "ours: nothing was said; in GTT all of no mentions are right",
    ),
    Case(
        "a type that is a piece of the gold's",
        "gtt",
        "templates.gtt",
        (("bombing", {"Victim": [["mayor"]]}),),
        (("b", {"Victim": [["mayor"]]}),),
        "ours: types are compared whole; GTT tests whether one string contains the other",
    ),
    Case(
        "a gold template of two types",
        "gtt",
        "templates.gtt",
        (("attack / bombing", {"Victim": [["mayor"]]}),),
        (attack(Victim=[["mayor"]]),),
        "GTT, for MUC: either type may do. Our records have one type an event, so ours does not split strings",
    ),
    Case(
        "the gold itself, with two types",
        "ceaf-rme-phi3",
        "templates.rme",
        (("attack / bombing", {"Victim": [["mayor"]]}),),
        (("attack / bombing", {"Victim": [["mayor"]]}),),
        "ours: a perfect prediction scores 1; IterX splits the gold's types and not the prediction's",
    ),
    Case(
        "one of a gold template's two types",
        "ceaf-rme-phi3",
        "templates.rme",
        (("attack / bombing", {"Victim": [["mayor"]]}),),
        (attack(Victim=[["mayor"]]),),
        "neither: IterX counts the gold's mentions once a type, so 1 cannot be had; ours wants the same type",
    ),
    Case(
        "a mention said twice",
        "ceaf-rme-phi3",
        "templates.rme",
        (attack(Victim=[["mayor"]]),),
        (attack(Victim=[["mayor", "the mayor"]]),),
        "ours: recall of 200 % is no recall; IterX pays for each repeat",
    ),
    Case(
        "a right filler said twice beside a wrong one",
        "ceaf-rme-subset",
        "templates.rme(form=subset)",
        (attack(Victim=[["mayor"], ["guard"]]),),
        (attack(Victim=[["mayor"], ["mayor"], ["dog"]]),),
        "ours: the copy adds nothing (0.5 without it); IterX counts it right a second time",
    ),
    Case(
        "two people taken for one",
        "ceaf-rme-subset",
        "templates.rme(form=subset)",
        (attack(Victim=[["mayor"], ["guard"]]),),
        (attack(Victim=[["mayor", "guard"]]),),
        "ours, and the paper's definition: all mentions must be the entity's; IterX's code wants any one",
    ),
    Case(
        "templates that tie, in one order",
        "ceaf-rme-subset",
        "templates.rme(form=subset)",
        (attack(Victim=[["Ali", "Omar"]]), attack(Victim=[["Ali"], ["Omar"]])),
        (attack(Victim=[["Ali"], ["Omar"]]),),
        "ours: 0.8 in either order; IterX maps by precision alone and takes whichever template comes first",
    ),
    Case(
        "templates that tie, in the other order",
        "ceaf-rme-subset",
        "templates.rme(form=subset)",
        (attack(Victim=[["Ali"], ["Omar"]]), attack(Victim=[["Ali", "Omar"]])),
        (attack(Victim=[["Ali"], ["Omar"]]),),
        "see above",
    ),
    Case(
        "a role that MUC does not have",
        "ceaf-rme-subset",
        "templates.rme(form=subset)",
        (attack(Victim=[["mayor"]]),),
        (attack(Victim=[["mayor"]], Bystander=[["dog"]]),),
        "ours: the bystander is made up; IterX (`--dataset MUC`) drops predicted roles that it does not know",
    ),
)


def ree(form: str, gold: dict[str, dict], predicted: dict[str, dict]) -> PRF:
    """Our default CEAF-REE on GRIT's input: documents of roles."""
    metric = parse(f"templates.ree(form={form})")
    sides = ([distinct([template("", _normal(side.get(id, {})))]) for id in gold] for side in (gold, predicted))
    return finalise(merge(metric.score(g, p) for g, p in zip(*sides, strict=True))[""])


def rows() -> list[str]:
    """Markdown rows, after two of heading: both sides, both numbers, and who is right."""

    def side(templates: tuple[Raw, ...]) -> str:
        return "; ".join(
            f"{t}({', '.join(f'{r}: {e}' for r, e in roles.items())})".replace("'", "") for t, roles in templates
        )

    def numbers(r: Result | PRF) -> str:
        return " / ".join(f"{x:.3f}" for x in (r.precision, r.recall, r.f1))

    head = ("case", "gold", "predicted", "public scorer", "its P / R / F1", "ours", "our P / R / F1", "who is right")
    body = [
        (
            c.name,
            side(c.gold),
            side(c.predicted),
            c.preset,
            numbers(c.public()),
            c.ours,
            numbers(c.default()),
            c.verdict,
        )
        for c in CASES
    ]
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *body)]


if __name__ == "__main__":
    print("\n".join(rows()))
