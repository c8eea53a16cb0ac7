"""Croissant metadata (MLCommons, version 1.0) of the flat views: each table a file, each column a field with its meaning.

Knows the views' schemas and the built files; the meaning of every column stands here, once.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from conflictwire.corpus import views

# The context of the specification, without what these tables have no use for.
# https://docs.mlcommons.org/croissant/docs/croissant-spec.html
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "recordSet": "cr:recordSet",
    "sc": "https://schema.org/",
    "source": "cr:source",
}

_WHERE = "of the first code point in the article's text; offsets are half-open and hold without the text"

COLUMNS = {
    "affiliations": "The body each speaker belongs to or speaks for.",
    "affirms": "Names of the sources that affirm the argument.",
    "approximate": "Whether the figure is printed as an approximation.",
    "approximation": "none, about, nearly or just_over, by the words of the figure.",
    "argument": "Id of the argument inside its event.",
    "arguments": "Number of arguments of the event.",
    "article": "Id of the article.",
    "as_of": "Date (EDTF) that the text gives for the figure; of tolls, where the text gives none, the date of publication.",
    "as_of_policy": "Whether `as_of` is printed in the text or taken from the date of publication.",
    "asserts": "What the statement says: ids of claims, of events, or event#argument.",
    "attribution": "Id of the attribution inside its article.",
    "bound": "none, at_least, more_than, up_to or less_than, by the words of the figure.",
    "categories": "Category of each speaker: individual, group, organisation, document and so on.",
    "claim": "Id of the numeric claim inside its article.",
    "claim_text": "The words of the claim, or null where the text is not in the table.",
    "content": "The words of what is said, in one or more pieces.",
    "counted_name": "Name of the entity that is counted.",
    "counted_role": "victim, perpetrator, member, bystander or unspecified.",
    "counted_status": "civilian, security_force, militant, mixed or unknown, as printed.",
    "counted_text": "The counted phrase, without the figure.",
    "cue": "The words that introduce the statement.",
    "act": "statement, responsibility_claim, denial, accusation, threat or declined_comment.",
    "denies": "Names of the sources that deny the argument.",
    "doubts": "Names of the sources that doubt the argument.",
    "end": "Offset after the last code point; half-open.",
    "entity": "Id of the entity inside its article.",
    "entity_type": "Type of the entity.",
    "event": "Id of the event inside its article.",
    "event_type": "Type of the event, in two levels (schema/ontology.json).",
    "form": "numeral, range, vague, fraction, implicit or zero.",
    "genericity": "specific or generic.",
    "genre": "flash, update, explainer, analysis, statement, digest, feature, court, report or encyclopedia.",
    "has_text": "Whether the article's text, and so the words of its spans, is in the table.",
    "head_end": "Offset after the mention's head.",
    "head_start": f"Offset {_WHERE}: of the mention's head.",
    "head_text": "The mention's head.",
    "high": "Highest value the figure allows, null where it is open.",
    "high_included": "Whether `high` itself is allowed.",
    "incident": "Id of the incident (dataset/ledger.json), the same in every article that tells it.",
    "kb": "Id of the entity in dataset/kb.json, or null.",
    "kind": "name, nominal or pronoun.",
    "low": "Lowest value the figure allows, null where it is open.",
    "low_included": "Whether `low` itself is allowed.",
    "measure": "What is counted: killed, injured, displaced, money and so on.",
    "modality": "actual, attempted, planned, threatened or hypothetical.",
    "mode": "direct, indirect or mixed.",
    "name": "Name of the entity.",
    "naming": "named, role_only or anonymous, one a speaker.",
    "parent": "Id of the attribution that this one stands in.",
    "parent_relation": "embedded_in or relayed_by.",
    "part": "invented or reported.",
    "part_of": "Id of the event or claim that this one is a part of.",
    "period": "Period (EDTF) that the figure covers, where no event carries it.",
    "places": "Names of the places that the figure covers, where no event carries it.",
    "polarities": "How the statements stand to what they assert: affirms, denies or doubts.",
    "polarity": "Of an event positive or negative; of a toll affirms, denies or doubts.",
    "published": "Date of publication, or null.",
    "publisher": "Who published the article.",
    "reading": "event_total, period_total, stock, change or other.",
    "role": "Role of the argument in its event.",
    "source": "Name of the source that gives the toll.",
    "source_end": "Offset after the words that name the speaker.",
    "source_start": f"Offset {_WHERE}: of the words that name the speaker.",
    "source_text": "The words that name the speaker.",
    "sources": "Names of the speakers.",
    "stance": "asserted, estimated or projected.",
    "start": f"Offset {_WHERE}.",
    "story": "Id of the story: articles about the same incidents share it, and it stands in one split.",
    "subtype": "Subtype of the entity, where its type has any.",
    "target": "Id of the claim that the relation points to.",
    "target_article": "Article of the claim that the relation points to.",
    "text": "The words at `start` to `end`, null where the text is not in the table.",
    "time": "When the event happened (EDTF).",
    "triggers": "The words that tell the event.",
    "type": "Type of the entity, event or relation.",
    "unit": "person, event, item, percent, an ISO 4217 currency or a UCUM unit.",
    "values": "The printed values as decimal strings; none for vague and implicit figures.",
    "voice": "Who speaks: attributed, narrator, or unclear where the text leaves it open.",
}

_TYPES = {pa.string(): "sc:Text", pa.int64(): "sc:Integer", pa.float64(): "sc:Float", pa.bool_(): "sc:Boolean"}


def metadata(files: Iterable[tuple[str, str, bytes]], version: str, published: str) -> str:
    """The JSON-LD of the flat views.

    Args:
        files: `(config, split, content)` of every Parquet file; configs that are no flat view are left out.
        version: of the dataset.
        published: date of the newest annotation, ISO 8601.
    """
    distribution: list[dict[str, Any]] = []
    records: list[dict[str, Any]] = []
    for config, split, content in files:
        if config not in views.VIEWS:
            continue
        name, view = f"{config}_{split}", views.VIEWS[config]
        distribution.append(
            {
                "@type": "cr:FileObject",
                "@id": f"{name}.parquet",
                "name": f"{name}.parquet",
                "contentUrl": str(PurePosixPath("data", config, f"{split}.parquet")),
                "encodingFormat": "application/x-parquet",
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
        fields = [_field(name, column) for column in view.schema]
        records.append(
            {"@type": "cr:RecordSet", "@id": name, "name": name, "description": view.description, "field": fields}
        )
    whole = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "ConflictWire",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "description": "Conflict news, annotated: who did what to whom, how many, as of when, and who says so. Flat views.",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": "urn:conflictwire:dataset",
        "creator": {"@type": "sc:Organization", "name": "The ConflictWire founders"},
        "citeAs": "The ConflictWire founders. ConflictWire: conflict news annotated with events, numeric claims and who says so.",
        "datePublished": published,
        "version": version,
        "distribution": distribution,
        "recordSet": records,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _field(table: str, column: pa.Field) -> dict[str, Any]:
    several = pa.types.is_list(column.type)
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": COLUMNS[column.name],
        **({"cr:isArray": True, "cr:arrayShape": "-1"} if several else {}),
        "dataType": _TYPES[column.type.value_type if several else column.type],
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column.name}},
    }
