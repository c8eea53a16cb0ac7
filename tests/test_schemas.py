"""The contract and its mirror: the JSON Schema, the typed model, the derived prediction schema, the ontology."""

import copy
import json

import jsonschema
import jsonschema_rs
import msgspec
import pytest

from conflictwire import model, schemas


def _properties(definition):
    return set(definition["properties"])


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("span", model.Span), ("segment", model.Segment), ("origin", model.Origin), ("mention", model.Mention),
        ("entity", model.Entity), ("argument", model.Argument), ("time", model.Time), ("event", model.Event),
        ("counted", model.Counted), ("scope", model.Scope), ("relation", model.Relation), ("claim", model.Claim),
        ("source", model.Source), ("assertion", model.Assertion), ("attribution", model.Attribution),
        ("annotation", model.Annotation),
    ],
)  # fmt: skip
def test_every_definition_has_the_fields_and_defaults_of_its_class(name, cls):
    definition = schemas.article_schema()["$defs"][name]
    assert list(definition["properties"]) == list(cls.__struct_fields__)
    for info in msgspec.structs.fields(cls):
        written = definition["properties"][info.name]
        if "default" in written:
            default = info.default_factory() if info.default is msgspec.NODEFAULT else info.default
            assert msgspec.to_builtins(default) == written["default"], info.name


def test_the_article_has_the_fields_of_its_class_and_all_are_required():
    schema = schemas.article_schema()
    assert list(schema["properties"]) == list(model.Article.__struct_fields__) == schema["required"]


def _enums(cls, field):
    kind = {f.name: f.type for f in msgspec.inspect.type_info(cls).fields}[field]
    kinds = kind.types if isinstance(kind, msgspec.inspect.UnionType) else [kind]
    return {v for k in kinds if isinstance(k, msgspec.inspect.LiteralType) for v in k.values}


@pytest.mark.parametrize(
    ("name", "cls", "field"),
    [
        ("entity", model.Entity, "type"), ("mention", model.Mention, "kind"), ("argument", model.Argument, "role"),
        ("event", model.Event, "modality"), ("claim", model.Claim, "measure"), ("claim", model.Claim, "form"),
        ("claim", model.Claim, "bound"), ("claim", model.Claim, "approximation"), ("claim", model.Claim, "reading"),
        ("claim", model.Claim, "stance"), ("counted", model.Counted, "role"), ("counted", model.Counted, "status"),
        ("relation", model.Relation, "type"), ("source", model.Source, "category"), ("source", model.Source, "naming"),
        ("source", model.Source, "affiliation"), ("attribution", model.Attribution, "mode"),
        ("attribution", model.Attribution, "act"), ("attribution", model.Attribution, "parent_relation"),
        ("assertion", model.Assertion, "polarity"),
    ],
)  # fmt: skip
def test_every_list_of_values_is_the_same_in_schema_and_model(name, cls, field):
    written = {v for v in schemas.article_schema()["$defs"][name]["properties"][field]["enum"] if v is not None}
    assert written == _enums(cls, field)


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
