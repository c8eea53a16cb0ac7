import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictwire import text as texts

SAMPLE = "The Herons fled. They said the herons' fighters, 1,500 of them, fled too. He left."


def test_a_quotation_that_occurs_once_is_placed_exactly():
    placed = texts.place(SAMPLE, "He left")
    assert (placed.how, SAMPLE[placed.start : placed.end]) == ("exact", "He left")


def test_occurrences_respect_word_boundaries_and_printed_numbers():
    # "he" stands inside "The", "They", "the": none of these is the word "he".
    assert texts.occurrences(SAMPLE, "he") == ()
    # "500" inside "1,500" is another number.
    assert texts.occurrences(SAMPLE, "500") == ()
    assert len(texts.occurrences(SAMPLE, "fled")) == 2


def test_an_ambiguous_quotation_names_all_candidates():
    placed = texts.place(SAMPLE, "fled")
    assert placed.how == "ambiguous"
    assert placed.start is None
    assert [SAMPLE[s:e] for s, e in placed.candidates] == ["fled", "fled"]


def test_an_occurrence_number_is_obeyed_and_one_too_high_is_absent():
    second = texts.place(SAMPLE, {"text": "fled", "n": 2})
    assert second.start == SAMPLE.rindex("fled")
    assert texts.place(SAMPLE, {"text": "fled", "n": 3}).how == "absent"


def test_within_narrows_the_search_and_n_counts_inside_it():
    placed = texts.place(SAMPLE, {"text": "fled", "within": "of them, fled too"})
    assert placed.start == SAMPLE.rindex("fled")


def test_curly_quotes_match_straight_ones_with_the_same_offsets():
    text = "He said “we saw Oram’s men” twice."
    placed = texts.place(text, '"we saw Oram\'s men"')
    assert placed.how == "normalised"
    assert text[placed.start : placed.end] == "“we saw Oram’s men”"


def test_an_absent_quotation_offers_the_nearest_words():
    placed = texts.place(SAMPLE, "They said the Herons")
    assert placed.how == "absent"
    assert any("They said" in SAMPLE[s:e] for s, e in placed.candidates)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6))
def test_canonical_text_is_a_fixed_point_and_its_units_join_to_it(segments):
    text = texts.canonical_text(segments)
    assert texts.canonical_text(text.split("\n")) == text
    if text:
        assert "\n".join(texts.hash_units(text)) == text
        assert sum(s["length"] for s in texts.segment_hashes(text)) + len(texts.segment_hashes(text)) - 1 == len(text)


@given(st.text(max_size=80))
def test_matching_form_of_a_canonical_text_keeps_offsets(raw):
    text = texts.canonical_text(raw.split("\n"))
    assert len(texts.matching_form(text)) == len(text)


def test_a_short_segment_is_hashed_with_the_next_one():
    text = "Ordania\nA bomb went off in the market at dawn."
    (only,) = texts.segment_hashes(text)
    assert only == {
        "sha256": hashlib.sha256(b"Ordania A bomb went off in the market at dawn.").hexdigest(),
        "length": len(text),
    }


@pytest.mark.parametrize(
    ("phrase", "kind", "head"),
    [
        ("Red Heron Brigade", "name", "Red Heron Brigade"),
        ("a spokeswoman for the ministry", "nominal", "spokeswoman"),
        ("three policemen", "nominal", "policemen"),
        ("the men who fled", "nominal", "men"),
        ("They", "pronoun", "They"),
        ("5,000 of them", "nominal", "5,000"),
        ("2,800 and 3,500 fighters", "nominal", "fighters"),
    ],
)
def test_heads_follow_the_written_rule(phrase, kind, head):
    start, end = texts.derive_head(phrase, 0, len(phrase), kind)
    assert phrase[start:end] == head


def test_a_sentence_ends_at_its_mark_and_at_a_line_feed_and_not_after_an_abbreviation():
    text = 'SOUMRA, March 3 (Halden Wire) -- Gen. Oram left. "We ran."\nIt was 3.5 km. They rested'
    cut = [text[start:end].strip() for start, end in texts.sentences(text)]
    assert cut == ["SOUMRA, March 3 (Halden Wire) --", "Gen. Oram left.", '"We ran."', "It was 3.5 km.", "They rested"]
    assert list(texts.sentences("")) == [(0, 0)]


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda s: (s[0], sum(s))), max_size=8)


@given(SPANS, SPANS)
def test_a_cover_overlaps_what_one_of_its_spans_overlaps(covered, asked):
    cover = texts.Cover(covered)
    for start, end in asked:
        assert cover.overlaps(start, end) == any(low < end and start < high for low, high in covered)


@given(st.lists(st.tuples(SPANS.filter(bool).map(min), st.integers(0, 3))), SPANS, st.integers(0, 3))
def test_holders_hold_what_lies_inside_the_span_of_somebody_else(owned, asked, but):
    holders = texts.Holders((start, end, owner) for (start, end), owner in owned)
    for start, end in asked:
        held = any(low <= start and end <= high and owner != but for (low, high), owner in owned)
        assert holders.hold(start, end, but) == held
