"""The contract and its mirror: the JSON Schema, the typed model, the derived prediction schema, the ontology."""

import copy
import json

import jsonschema
import jsonschema_rs
import msgspec
import pytest

from conflictwire import model, schemas


def test_schema_and_model_say_the_same_of_every_field():
    """Fields in their order, defaults, lists of values, patterns, bounds: so what the model reads the schema passes."""
    schema, model_schema = schemas.article_schema(), msgspec.json.schema(model.Article)
    of_model = {"".join(filter(str.isalnum, k)).lower(): v for k, v in model_schema["$defs"].items()}
    pairs = [(schema, of_model["article"])]
    pairs += [(d, of_model[n]) for n, d in schema["$defs"].items() if "properties" in d]
    assert len(pairs) == len(of_model)
    for written, typed in pairs:
        assert list(written["properties"]) == list(typed["properties"]) == written["required"], written["description"]
        assert written["additionalProperties"] is typed["additionalProperties"] is False
        for name, field in written["properties"].items():
            assert _said(field, schema) == _said(typed["properties"][name], model_schema), name
            if "default" in field and written is not schema:
                assert typed["properties"][name]["default"] == field["default"], name


def _said(field, whole):
    """What a field permits, one way whichever generator wrote it: a set of alternatives."""
    if "$ref" in field:
        name = field["$ref"].split("/")[-1]
        target = whole["$defs"][name]
        return {("object", name.lower())} if "properties" in target else _said(target, whole)
    if "anyOf" in field:
        return set().union(*(_said(one, whole) for one in field["anyOf"]))
    if "enum" in field:
        return {("null",) if value is None else ("value", value) for value in field["enum"]}
    bounds = tuple((k, field[k]) for k in sorted(field) if k in BOUNDS)
    said = set()
    for kind in [field["type"]] if isinstance(field["type"], str) else field["type"]:
        inside = (frozenset(_said(field["items"], whole)),) if kind == "array" else ()
        said.add(("null",) if kind == "null" else (kind, *bounds, *inside))
    return said


BOUNDS = ("pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum")


def test_the_ontology_knows_the_same_types_roles_and_entities():
    ontology, defs = schemas.ontology(), schemas.article_schema()["$defs"]
    assert [t["type"] for t in ontology["event_types"]] == defs["event"]["properties"]["type"]["enum"]
    assert [r["name"] for r in ontology["roles"]] == defs["argument"]["properties"]["role"]["enum"]
    assert [t["name"] for t in ontology["entity_types"]] == defs["entity"]["properties"]["type"]["enum"]
    for event in ontology["event_types"]:
        assert event["definition"], event["type"]
        assert event["example"], event["type"]
        assert set(event["crosswalk"]) == {"ace", "plover", "acled"}


def test_every_field_has_a_meaning_and_an_example():
    schema = schemas.article_schema()
    for where in [schema, *schema["$defs"].values()]:
        for name, field in where.get("properties", {}).items():
            assert field.get("description"), name
            assert field.get("examples") is not None, name


def test_patterns_are_ascii_and_avoid_what_engines_read_differently():
    text = json.dumps([schemas.article_schema(), schemas.prediction_schema()], ensure_ascii=False)
    patterns = list(_patterns(json.loads(text)))
    assert patterns
    for pattern in patterns:
        assert pattern.isascii()
        assert "$" not in pattern
        assert "\\d" not in pattern


def _patterns(node):
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for value in node.values():
            yield from _patterns(value)
    elif isinstance(node, list):
        for value in node:
            yield from _patterns(value)


def test_both_schemas_are_valid_json_schema_2020_12():
    for schema in (schemas.article_schema(), schemas.prediction_schema()):
        jsonschema.Draft202012Validator.check_schema(schema)


def test_the_prediction_schema_on_disk_is_the_derived_one():
    assert schemas.prediction_schema() == schemas.derive_prediction_schema(schemas.article_schema())


def test_a_draft_by_quotation_fits_the_prediction_schema(worked_draft):
    assert jsonschema_rs.is_valid(schemas.prediction_schema(), worked_draft)


def test_a_placed_record_fits_the_article_schema_and_the_model(worked):
    assert jsonschema_rs.is_valid(schemas.article_schema(), worked)
    assert model.to_json(model.article_from_json(worked)) == worked


def test_a_missing_key_fails_in_schema_of_stored_articles(worked):
    for key in list(worked):
        broken = copy.deepcopy(worked)
        del broken[key]
        assert not jsonschema_rs.is_valid(schemas.article_schema(), broken), key


def test_canonical_formatting_reads_back_to_the_same_record(worked):
    text = model.dumps(worked)
    assert json.loads(text) == worked
    assert model.dumps(json.loads(text)) == text


@pytest.mark.parametrize(
    ("value", "fits"), [("14", True), ("1.5", True), ("01", False), ("1e3", False), ("9" * 41, False), ("14\n", False)]
)
def test_schema_and_model_agree_on_what_a_printed_number_is(worked, value, fits):
    worked["claims"][0]["values"] = [value]
    assert jsonschema_rs.Draft202012Validator(schemas.article_schema()).is_valid(worked) == fits
    if fits:
        model.article_from_json(worked)
    else:
        with pytest.raises(msgspec.ValidationError):
            model.article_from_json(worked)
