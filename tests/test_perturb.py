"""Changed copies stay valid and true to their gold: each span holds what it held, each figure what is now printed."""

from decimal import Decimal

import pytest
from click.testing import CliRunner

from conflictwire import numerals, perturb, validation
from conflictwire.cli import main
from conflictwire.corpus import load
from conflictwire.extractors import document
from conflictwire.model import article_from_json, iter_spans, to_json
from support import SHARED_TEXTS, needs_shared

ARTICLES = load.articles(part="invented")


@pytest.fixture
def article(worked):
    return article_from_json(worked)


def changed(kind, article):
    (copy,) = perturb.perturb(kind, [article])
    return copy


def new_findings(kind, articles):
    for old in articles:
        known = {(f.code, f.path) for f in validation.validate_record(to_json(old))}
        for finding in validation.validate_record(to_json(changed(kind, old))):
            if (finding.code, finding.path) not in known:
                yield old.id, str(finding)


@pytest.mark.parametrize("kind", perturb.KINDS)
def test_a_changed_copy_has_no_finding_that_the_original_has_not(kind):
    assert list(new_findings(kind, ARTICLES)) == []


@needs_shared
@pytest.mark.parametrize("kind", perturb.KINDS)
def test_changed_reported_articles_have_none_either(kind):
    assert list(new_findings(kind, load.articles(part="reported", texts=SHARED_TEXTS))) == []


@pytest.mark.parametrize("kind", perturb.KINDS)
def test_something_changes_in_most_articles_and_the_same_seed_changes_the_same(kind):
    copies = [changed(kind, a) for a in ARTICLES]
    assert sum(c.text != a.text for c, a in zip(copies, ARTICLES, strict=True)) > len(ARTICLES) / 2
    assert copies == [changed(kind, a) for a in ARTICLES]


def test_figures_are_multiplied_by_one_number_in_text_and_gold(article):
    copy = changed("figures", article)
    old, new = ([c.values for c in a.claims] for a in (article, copy))
    factor = Decimal(new[0][0]) / Decimal(old[0][0])
    assert factor in perturb.FACTORS
    assert [[Decimal(v) for v in values] for values in new] == [[Decimal(v) * factor for v in values] for values in old]
    assert copy.claims[0].span.text == f"at least {14 * int(factor)}"
    assert copy.text.startswith(article.text.split("killing")[0])


def test_a_number_that_points_back_follows_the_figure_it_points_to(worked):
    record = worked["text"].replace("The brigade, known", "The 17 are named. The brigade, known")
    shift = len("The 17 are named. ")
    at = record.index("The 17 are")
    for _, container, key in iter_spans(worked):
        if container[key]["start"] >= at:
            container[key] = {
                **container[key],
                "start": container[key]["start"] + shift,
                "end": container[key]["end"] + shift,
            }
    worked["text"] = record
    copy = changed("figures", article_from_json(worked))
    assert f"The {copy.claims[3].values[0]} are named." in copy.text


def test_digits_are_spelled_and_mean_the_same(article):
    copy = changed("spelled", article)
    assert [c.span.text for c in copy.claims][:4] == ["at least fourteen", "three", "A", "seventeen"]
    assert [c.values for c in copy.claims] == [c.values for c in article.claims]


def test_a_name_is_replaced_everywhere_and_keeps_its_parts_and_endings(article):
    copy = changed("names", article)
    by_id = {e.id: e for e in copy.entities}
    assert by_id["e7"].name not in article.text
    assert not any(word in copy.text for word in ("Soumra", "SOUMRA", "Halden", "Dask", "Heron"))
    (dateline, *others) = [m.span.text for m in by_id["e1"].mentions if m.kind == "name"]
    assert dateline.isupper() and {o.upper() for o in others} == {dateline}
    assert all(e.kb is None for e in copy.entities)


def test_speaker_and_statement_change_places(article):
    copy = changed("attributions", article)
    first = copy.text.split("\n")[0]
    assert first == (
        "SOUMRA, March 3 (Halden Wire) -- The Ordanian interior ministry said that a car bomb exploded outside the "
        "Lantern Hotel in Soumra on Sunday, killing at least 14 people, including three policemen."
    )
    assert copy.attributions[0].content[0].text.startswith("a car bomb exploded")
    assert copy.attributions[0].source_span.text == "The Ordanian interior ministry"


def test_words_of_a_denial_stay_where_they_are(article):
    assert "but the group denied any role." in changed("attributions", article).text


@pytest.mark.parametrize(("number", "words"), [(0, "zero"), (14, "fourteen"), (40, "forty"), (85, "eighty-five"),
                                               (100, "one hundred"), (142, "one hundred and forty-two")])  # fmt: skip
def test_numbers_are_spelled_as_they_are_read(number, words):
    assert numerals.spelled(number) == words
    assert [n.value for n in numerals.numbers(words)] == [number]


def test_the_command_writes_articles_that_extract_and_score(tmp_path):
    out, found = tmp_path / "names.jsonl", tmp_path / "found.jsonl"
    run = CliRunner().invoke
    assert run(main, ["perturb", "names", "train", "--out", str(out)]).exit_code == 0
    assert run(main, ["extract", "regex", str(out), "--out", str(found)]).exit_code == 0
    scored = run(main, ["score", str(out), str(found), "--metric", "claims.level(0)"])
    assert scored.exit_code == 0
    assert document(ARTICLES[0]).text != out.read_text(encoding="utf-8")
