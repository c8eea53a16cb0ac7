"""The presets `nervaluate` and `seqeval`: equal to the tools on generated inputs, and worked cases."""

import json

import pytest

from compare_spans import SEED, disagreements, markdown_rows, nervaluate_rows, preset_scores, seqeval_rows
from conflictwire.corpus.files import UnusableInput
from conflictwire.scoring.presets import PRESETS, run
from conflictwire.scoring.presets.tags import lenient_spans, strict_spans


def test_the_presets_give_the_scores_of_the_tools():
    assert disagreements(SEED + 1, 300) == []


def test_every_kind_of_difference_from_our_defaults_is_known_and_the_preset_stays_with_the_tool():
    rows = [*nervaluate_rows(number=400), *seqeval_rows()]
    assert {"copies", "order of spans", "nothing to score", "matched anew for each schema"} <= {r.kind for r in rows}
    for row in rows:
        if row.kind in ("empty first document", "one blank line more"):  # read better than there
            assert row.preset == "1.000" != row.theirs
        else:
            assert row.preset == row.theirs
            if "strict" not in row.theirs:
                assert row.default != row.theirs


@pytest.mark.slow
def test_the_rows_for_the_conformance_page_are_whole():
    lines = markdown_rows().split("\n")
    assert len(lines) > 10 and {line.count(" | ") for line in lines if "---" not in line} == {6}


def span(label, start, end):
    return {"label": label, "start": start, "end": end}


def test_nervaluate_by_hand(tmp_path):
    gold = [[span("PER", 0, 1), span("LOC", 4, 6), span("ORG", 9, 9)]]
    # exact with its label; an overlap with its label; the same span with another label; nothing.
    predicted = [[span("PER", 0, 1), span("LOC", 5, 6), span("PER", 9, 9), span("ORG", 12, 13)]]
    scores = preset_scores("nervaluate", tmp_path, gold, predicted)
    assert scores["strict"][:2] == (1 / 4, 1 / 3)
    assert scores["exact"][:2] == (2 / 4, 2 / 3)  # 0-1 and 9-9
    assert scores["partial"][:2] == (2.5 / 4, 2.5 / 3)  # the same and half of 5-6
    assert scores["ent_type"][:2] == (2 / 4, 2 / 3)  # 0-1 and 5-6


def test_nervaluate_depends_on_the_order_of_predictions(tmp_path):
    gold = [[span("PER", 0, 9)]]
    first, second = span("PER", 0, 4), span("PER", 0, 9)
    assert preset_scores("nervaluate", tmp_path, gold, [[first, second]])["strict"][2] == 0
    assert preset_scores("nervaluate", tmp_path, gold, [[second, first]])["strict"][2] == pytest.approx(2 / 3)


def test_nervaluate_rewards_a_copy_where_gold_spans_nest(tmp_path):
    gold, once = [[span("ORG", 0, 9), span("ORG", 0, 3)]], [span("ORG", 0, 9)]
    assert preset_scores("nervaluate", tmp_path, gold, [once])["ent_type"][2] == pytest.approx(2 / 3)
    assert preset_scores("nervaluate", tmp_path, gold, [once * 2])["ent_type"][2] == 1


def test_nervaluate_reads_documents_without_spans_and_tags_alike(tmp_path):
    assert preset_scores("nervaluate", tmp_path, [[], []], [[], []])["strict"] == (0, 0, 0)
    by_spans = preset_scores("nervaluate", tmp_path, [[span("PER", 0, 1)]], [[span("PER", 1, 1)]])
    tags = [["B-PER", "I-PER"]], [["O", "B-PER"]]
    assert preset_scores("nervaluate", tmp_path, *tags) == by_spans
    assert preset_scores("nervaluate", tmp_path, *tags, columns=True) == by_spans


def test_seqeval_by_hand(tmp_path):
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-ORG"]]
    # PER right; a stray I-LOC, which is a span by default and nothing in strict IOB2; ORG of another extent.
    predicted = [["B-PER", "I-PER", "O", "I-LOC"], ["B-ORG", "I-ORG"]]
    for columns in (False, True):
        scores = preset_scores("seqeval", tmp_path, gold, predicted, columns)
        assert scores["default"] == (2 / 3, 2 / 3, pytest.approx(2 / 3))
        assert scores["strict"] == (1 / 2, 1 / 3, pytest.approx(2 / 5))


@pytest.mark.parametrize(
    ("tags", "lenient", "strict"),
    [
        ("B-A I-A O", [("A", 0, 1)], [("A", 0, 1)]),
        ("I-A I-A", [("A", 0, 1)], []),
        ("B-A B-A I-A", [("A", 0, 0), ("A", 1, 2)], [("A", 0, 0), ("A", 1, 2)]),
        ("B-A I-B I-A", [("A", 0, 0), ("B", 1, 1), ("A", 2, 2)], [("A", 0, 0)]),
        ("O O", [], []),
    ],
)
def test_tags_are_read_in_two_ways(tags, lenient, strict):
    assert lenient_spans(tags.split()) == lenient
    assert strict_spans(tags.split()) == strict


@pytest.mark.parametrize("name", ["nervaluate", "seqeval"])
def test_tokens_may_be_followed_by_a_tab_or_spaces_and_lines_end_as_they_like(tmp_path, name):
    gold, predicted = tmp_path / "gold.conll", tmp_path / "predicted.txt"
    gold.write_bytes("\ufeffNew York\tB-LOC\r\n\r\n\r\nfell\tO\r\n".encode())
    predicted.write_bytes(b"NewYork  B-LOC\n \nfell O")
    assert {r.f1 for r in run(name, gold, predicted)} == {1.0}


@pytest.mark.parametrize("name", ["nervaluate", "seqeval"])
@pytest.mark.parametrize(
    ("suffix", "gold", "predicted", "said"),
    [
        ("tsv", "a\tO\n", "a\n", "predicted.tsv: line 1: 'a': expected a token and a tag"),
        ("tsv", "a\tO\n", "a\tNN\tO\n", "line 1: .*nothing else"),
        ("tsv", "a\tO\n\nb\tO\n", "a\tO\n\nb\tX-PER\n", "line 3: tag 'X-PER': expected O, B-label or I-label"),
        ("tsv", "a\tB-\n", "a\tO\n", "gold.tsv: line 1: tag 'B-'"),
        ("tsv", "a\tO\n\nb\tO\n", "a\tO\n\nb\tO\nc\tO\n", "line 3: the sentence has 2 tokens, in .*gold.tsv 1"),
        ("tsv", "a\tO\n\nb\tO\n", "a\tO\n", "1 sentences, expected 2 .*line 3 of .*gold.tsv"),
        ("tsv", "a\tO\n", "a\tO\n\nb\tO\n", "2 sentences, expected 1 .*line 3 of .*predicted.tsv"),
        ("tsv", "\n", "\n", "gold.tsv: holds no sentence"),
        ("tsv", b"a\tO\n\xff\tO\n", "a\tO\n", "gold.tsv: line 2: not UTF-8"),
        ("json", '[["O"],\n["O"', '[["O"]]', "gold.json: line 2: no JSON"),
        ("json", '{"a": 1}', "[]", "gold.json: holds dict, expected a list"),
        ("json", '[["O"], 7]', "[]", "gold.json: document 2: int, expected a list"),
        ("json", '[["O", "B"]]', '[["O", "O"]]', "gold.json: sentence 1, token 2: tag 'B'"),
        ("json", '[["O"]]', '[["O", "O"]]', "sentence 1: the sentence has 2 tokens"),
        ("json", "[" * 100_000, "[]", "nested too deeply"),
    ],
)
def test_a_malformed_file_is_named_with_its_line(tmp_path, name, suffix, gold, predicted, said):
    paths = tmp_path / f"gold.{suffix}", tmp_path / f"predicted.{suffix}"
    for path, text in zip(paths, (gold, predicted), strict=True):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UnusableInput, match=said):
        run(name, *paths)


@pytest.mark.parametrize(
    ("gold", "said"),
    [
        ([[{"label": "PER", "start": 0}]], "document 1, span 1: .*expected an object with label, start and end"),
        ([[], [span("PER", 0, 0), 7]], "document 2, span 2: 7: expected an object"),
        ([[span(7, 0, 0)]], "label 7: expected a string"),
        ([[span("PER", True, 1)]], "start True: expected a whole number"),
        ([[span("PER", 0, "4")]], "end '4': expected a whole number"),
        ([[span("PER", 5, 4)]], "start 5 lies after end 4"),
        ([], "holds no document"),
        ([[]], "2 documents, expected 1"),
    ],
)
def test_malformed_spans_are_named_with_their_place(tmp_path, gold, said):
    (tmp_path / "gold.json").write_text(json.dumps(gold))
    (tmp_path / "predicted.json").write_text("[[], []]")
    with pytest.raises(UnusableInput, match=said):
        run("nervaluate", tmp_path / "gold.json", tmp_path / "predicted.json")


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(UnusableInput, match="gone"):
        run("seqeval", tmp_path / "gone.tsv", tmp_path / "gone.tsv")


def test_presets_say_which_version_they_mirror():
    assert "1.2.1" in PRESETS["nervaluate"].description
    assert "1.2.2" in PRESETS["seqeval"].description
