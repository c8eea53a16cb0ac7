"""Stand-off articles get their text back from copies in any shape, and never a wrong offset."""

import html
import json
import textwrap

import pytest

from conflictwire import model
from conflictwire.corpus.hydrate import PLACEHOLDER, hydrate
from support import SHARED_TEXTS, needs_shared


@pytest.fixture
def original(worked_skeleton) -> str:
    return worked_skeleton["text"]


def restore(record, path, content):
    path.write_text(content, encoding="utf-8")
    (result,) = hydrate([record], [path])
    return result


def test_the_stand_off_form_holds_no_word_of_the_article(reported, original):
    stored = model.dumps(reported)
    assert not any(sentence in stored for sentence in original.split("\n"))
    assert all(container[key]["text"] is None for _, container, key in model.iter_spans(reported))


def as_page(text):
    body = "".join(f"<p>{html.escape(p).replace('Soumra', '<b>Sou</b>mra', 1)}</p>" for p in text.split("\n"))
    teaser = "<div>Read also<p>Nine die in ferry fire, harbour master says</p></div>"
    return f"<!doctype html><title>Car bomb outside Soumra hotel</title><nav>Home &amp; away</nav>{teaser}{body}<script>var x = 'no';</script>"


FORMS = {
    "plain.txt": lambda t: t,
    "wrapped.txt": lambda t: "MENU\n\n" + "\n\n".join(textwrap.fill(p, 60) for p in t.split("\n")) + "\n\nComments (3)",
    "page.html": as_page,
    "segments.json": lambda t: json.dumps({"title": "Car bomb outside Soumra hotel", "segments": t.split("\n")}),
    "whole.json": lambda t: json.dumps([{"id": 1, "text": t.replace("\n", " ")}]),
    "documents.json": lambda t: (  # JSON lines that are not called so, the whole text in one string
        '{ "_id" : "0F", "title" : "Other", "text" : "No.\\n\\nYes." }\n'
        + json.dumps({"_id": "1E", "text": t.replace("\n", "\n\n").replace(" on Sunday", " \n\non Sunday")})
    ),
    "sentences.conllu": lambda t: "\n".join(
        f"# sent_id = {i}\n# text = {s}\n1\tx\t_\n" for i, s in enumerate(t.split("\n"))
    ),
    "post.md": lambda t: (
        "# Title\n\n"
        + "\n\n".join(
            "* " + p.replace("Halden Wire", "[Halden Wire](https://example.org/a_(b))", 1) for p in t.split("\n")
        )
    ),
    "digest.md": lambda t: (
        "---\ntitle: 2024 March 03\n---\n\n#### Attacks\n\n"
        + "\n".join(
            "  * "
            + p.replace("Soumra", '[*Soumra*](https://example.org/Soumra_%28city%29 "Soumra (city)")', 1)
            + " [(Marsh News via *Halden*)](https://example.org/a?b=1&c=2)"
            for p in t.split("\n")
        )
    ),
    "curled.txt": lambda t: t.replace(' "', " “").replace('\n"', "\n“").replace('"', "”").replace(" -- ", " -- "),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_text_comes_back_whole_from_every_form(name, reported, original, tmp_path):
    result = restore(reported, tmp_path / name, FORMS[name](original))
    assert result.status == "ok"
    folded = result.record["text"].replace("“", '"').replace("”", '"')
    assert folded == original
    for _, container, key in model.iter_spans(result.record):
        span = container[key]
        assert span["text"] == result.record["text"][span["start"] : span["end"]]


def test_the_title_comes_back_where_the_copy_has_it(reported, original, tmp_path):
    result = restore(reported, tmp_path / "page.html", as_page(original))
    assert result.record["title"] == "Car bomb outside Soumra hotel"


def test_a_damaged_copy_is_partial_and_keeps_all_offsets(reported, original, tmp_path, worked):
    paragraphs = original.split("\n")
    paragraphs[0] = paragraphs[0].replace("at least 14", "at least 15")  # edited
    del paragraphs[5]  # deleted
    copy = (
        "\n\n".join(textwrap.fill(p, 50) for p in reversed(paragraphs))
        .replace('"Our', "“Our")
        .replace('city,"', "city,”")
    )
    result = restore(reported, tmp_path / "copy.txt", copy)
    assert result.status == "partial"
    assert len(result.record["text"]) == len(original)
    for at, char in enumerate(result.record["text"][: len(original) - 60]):  # the last line may keep a wrap
        assert char in (PLACEHOLDER, original[at], "“", "”")
    wrong = [
        (got[key]["text"], want[key2]["text"])
        for (_, got, key), (_, want, key2) in zip(
            model.iter_spans(result.record), model.iter_spans(worked), strict=True
        )
        if got[key]["text"] is not None and got[key]["text"].replace("“", '"').replace("”", '"') != want[key2]["text"]
    ]
    assert wrong == []
    assert result.touched > 0


def test_nothing_at_hand_is_missing(reported, tmp_path):
    result = restore(reported, tmp_path / "other.txt", "Quite another story, about a flood.")
    assert (result.status, result.found) == ("missing", 0)


@pytest.mark.parametrize(
    "data",
    [b"", b"\0\1\2\xff" * 50, b"\xff\xfe half", b'{"a": ', b"[" * 20000, "\ud800".encode("utf-8", "surrogatepass")],
)
def test_unreadable_copies_are_passed_over(reported, tmp_path, data):
    for name in ("a.txt", "a.json", "a.html"):
        (tmp_path / name).write_bytes(data)
    (result,) = hydrate([reported], [tmp_path])
    assert result.status == "missing"


@needs_shared
def test_all_reported_articles_of_the_corpus_hydrate_from_their_sources():
    from conflictwire.corpus import load

    stored = [r for r in load.records() if r["part"] == "reported"]
    results = hydrate(stored, [SHARED_TEXTS])
    assert len(results) == len(stored) > 0
    assert {r.status for r in results} == {"ok"}
    assert all(r.record["title"] for r in results)


@needs_shared
def test_a_damaged_copy_of_the_scraped_page_is_partial_and_keeps_all_offsets(tmp_path):
    """The page re-wrapped, its quotes curled, one paragraph edited and one deleted."""
    from conflictwire.corpus import load

    (stored,) = (r for r in load.records() if r["id"].startswith("upi"))
    page = next((SHARED_TEXTS / "upi").glob("*.txt")).read_text(encoding="utf-8")
    whole = hydrate([stored], [SHARED_TEXTS / "upi"])[0].record
    damaged = page.replace("Nearly 200 people", "Nearly 300 people").replace('"', "”").replace("'", "’")
    paragraphs = [p for p in damaged.split("\n\n") if "seventh leader" not in p]
    copy = tmp_path / "page.txt"
    copy.write_text("\n\n".join(textwrap.fill(p, 70) for p in paragraphs), encoding="utf-8")
    (result,) = hydrate([stored], [copy])
    assert (result.status, result.segments - result.found) == ("partial", 2)
    fold = str.maketrans("”’", "\"'")
    for (_, a, i), (_, b, j) in zip(model.iter_spans(result.record), model.iter_spans(whole), strict=True):
        assert (a[i]["start"], a[i]["end"]) == (b[j]["start"], b[j]["end"])
        assert a[i]["text"] is None or a[i]["text"].translate(fold) == b[j]["text"]
    assert result.touched > 0
