"""The commands as a user types them: output, files and exit codes."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import conflictwire as cw
from conflictwire.cli import main
from conflictwire.corpus import load
from conflictwire.formats import predictions
from conflictwire.scoring import METRICS
from conflictwire.scoring.presets import PRESETS
from conflictwire.scoring.statistics import MIN_STORIES
from support import ROOT, SHARED_TEXTS, needs_shared


def run(*words, code=0):
    result = CliRunner().invoke(main, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(autouse=True)
def clone(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_and_most_an_example(command):
    shown = run(command, "--help").output
    assert "Usage" in shown
    if command not in ("rules", "extractors"):
        assert f"conflictwire {command} " in shown


def test_a_draft_becomes_a_record_and_a_bad_one_writes_nothing(tmp_path, worked_draft, worked_skeleton):
    draft, article, out = tmp_path / "draft.json", tmp_path / "worked.json", tmp_path / "placed.json"
    article.write_text(json.dumps(worked_skeleton), encoding="utf-8")
    draft.write_text(json.dumps(worked_draft), encoding="utf-8")
    run("place", draft, article, "--out", out)
    run("validate", out)
    assert run("diff", out, out).output == "0 difference(s)\n"
    placed = out.read_bytes()
    draft.write_text(json.dumps({**worked_draft, "claims": [{"id": "c1", "span": "99", "measure": "killed"}]}))
    shown = run("place", draft, article, "--out", out, code=1).output
    assert 'claims[0].span: "99" is not in the text' in shown
    assert out.read_bytes() == placed


def test_a_reported_article_is_placed_stand_off(tmp_path, worked_draft, worked_skeleton):
    article, draft, out = tmp_path / "worked.json", tmp_path / "draft.json", tmp_path / "placed.json"
    article.write_text(json.dumps({**worked_skeleton, "part": "reported"}), encoding="utf-8")
    draft.write_text(json.dumps(worked_draft), encoding="utf-8")
    run("place", draft, article, "--out", out)
    record = json.loads(out.read_text(encoding="utf-8"))
    assert record["text"] is None
    assert record["claims"][0]["span"] == {
        "start": record["claims"][0]["span"]["start"],
        "end": record["claims"][0]["span"]["end"],
        "text": None,
    }


def test_differences_are_said_as_a_person_would(tmp_path, worked):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(worked), encoding="utf-8")
    worked["claims"][0]["measure"] = "injured"
    worked["entities"][4]["mentions"] = worked["entities"][4]["mentions"][:1]
    worked["attributions"].pop()
    second.write_text(json.dumps(worked), encoding="utf-8")
    shown = run("diff", first, second, code=1).output
    assert "claims, measure" in shown
    assert "A: killed\n    B: injured" in shown
    assert "attributions, only one side" in shown
    assert "2 difference(s)" in shown


def test_scoring_the_gold_against_itself_is_perfect(tmp_path):
    path = tmp_path / "gold.jsonl"
    predictions.write(path, predictions.from_gold(load.articles("test", "invented")))
    shown = run(
        "score", ROOT / "dataset" / "articles" / "invented", path, "--metric", "claims.level(2)", "--json"
    ).stdout
    report = json.loads(shown)
    assert report["missing"]
    assert report["scores"][0]["precision"] == 1.0
    assert report["scores"][0]["signature"].startswith("claims.level(2)|conflictwire:")


def test_quotations_in_predictions_are_placed_and_counted(tmp_path):
    article = load.articles("test", "invented")[0]
    words = article.claims[0].span.text
    rows = [{"id": article.id, "prediction": {"claims": [
        {"id": "c1", "span": {"text": words, "n": 1}, "measure": "killed"},
        {"id": "c2", "span": "nine hundred parrots", "measure": "killed"},
    ]}}]  # fmt: skip
    path = tmp_path / "p.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    report = json.loads(run("score", "test", path, "--json", "--metric", "claims.level(0)").stdout)
    assert report["placement"]["absent"] == 1
    assert report["scores"][0]["predicted"] == 2


def test_an_unusable_line_is_named_and_a_file_without_any_is_refused(tmp_path):
    article = load.articles("test", "invented")[0]
    path = tmp_path / "p.jsonl"
    path.write_text(
        json.dumps({"id": article.id, "claims": []}) + "\n{bad\n" + json.dumps({"id": "x", "claims": 3}),
        encoding="utf-8",
    )
    shown = run("score", "test", path, "--json", code=1)
    assert f"{path}:2:" in shown.stderr
    assert f"{path}:3:" in shown.stderr
    problems = json.loads(shown.stdout)["problems"]
    assert [p.split(":")[0] for p in problems] == ["line 2", "line 3"]
    assert list(cw.score("test", path).problems) == problems
    path.write_text(json.dumps({"id": "elsewhere", "claims": []}), encoding="utf-8")
    assert "predicts none of the" in run("score", "test", path, code=2).output
    path.write_text("nothing here\n", encoding="utf-8")
    assert "no usable prediction" in run("score", "test", path, code=2).output
    run("score", "test", tmp_path / "missing.jsonl", code=2)
    run("score", "no-such-split", path, code=2)
    run("score", "test", path, "--metric", "coref.leo", code=2)


def test_extracting_from_a_page_prints_claims_with_their_words(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        "<html><nav>Menu</nav><p>At least <b>14</b> people were killed in Soumra, police said.</p></html>",
        encoding="utf-8",
    )
    shown = run("extract", "rules", page).output
    assert "At least 14" in shown
    assert "killed" in shown


@pytest.mark.parametrize("content", [b"", b"\0\1\2", None])
def test_extracting_from_nothing_is_refused(tmp_path, content):
    path = tmp_path / "page.txt"
    if content is not None:
        path.write_bytes(content)
    run("extract", "rules", path, code=2)


def test_predictions_of_a_split_are_written_and_scored(tmp_path):
    out = tmp_path / "rules.jsonl"
    run("extract", "rules", "test", "--out", out)
    assert len(out.read_text(encoding="utf-8").splitlines()) == len(load.articles("test", "invented"))
    for by in ("part", "genre", "type"):
        assert "Scores by" in run("score", "test", out, "--by", by).output


def test_the_benchmark_writes_a_page_and_results(tmp_path):
    shown = run("benchmark", "null", "rules", "--out", tmp_path).output
    few = len({a.story for a in load.articles("test", "invented")}) < MIN_STORIES
    assert ("all splits" in shown) == few  # a table of all splits stands beside a test split of few stories
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for article in load.articles("test", "invented"):
        assert article.title in page.replace("&#39;", "'").replace("&#34;", '"')
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert {r["extractor"] for r in results} == {"null", "rules"}
    assert all("documents:" in r["signature"] for r in results)
    assert {r["of"] for r in results if r["part"] == "test split"} == {len(load.articles("test"))}


@needs_shared
def test_with_texts_the_benchmark_covers_the_reported_articles(tmp_path):
    shown = run("benchmark", "regex", "--texts", SHARED_TEXTS, "--out", tmp_path).output
    number = len(load.articles("test"))
    assert f"{number} of {number} articles" in shown


@needs_shared
def test_hydrating_prints_a_status_for_every_reported_article(tmp_path):
    shown = run("hydrate", SHARED_TEXTS, "--out", tmp_path, "--json").stdout
    assert {row["status"] for row in json.loads(shown)} == {"ok"}
    assert len(list(tmp_path.glob("*.json"))) == len(load.articles(part="reported"))
    run("validate", *tmp_path.glob("*.json"), code=1)  # a copy with text is no stand-off file, and says so


def test_hydrating_from_nothing_says_missing(tmp_path):
    shown = run("hydrate", tmp_path, code=1).output
    assert "missing" in shown
    assert f"0 of {len(load.articles(part='reported'))}" in shown


def test_unknown_things_are_usage_errors(tmp_path):
    run("explain", "no-such-thing", code=2)
    run("extract", "no-such-extractor", "test", code=2)
    run("build", "--dataset", tmp_path, code=2)
    run("benchmark", "no-such-extractor", "--out", tmp_path, code=2)


def test_rules_and_metrics_explain_themselves():
    assert "level 4" in run("explain", "claim-not-asserted").output
    assert "Moosavi" in run("explain", "coref.lea").output
    listed = json.loads(run("metrics", "--json").stdout)
    assert {m["metric"] for m in listed["metrics"]} == set(METRICS)
    assert all(m["definition"] and m["source"] for m in listed["metrics"])
    assert {p["preset"] for p in listed["presets"]} == set(PRESETS)


@pytest.mark.slow
def test_the_page_renders_in_a_browser_without_asking_for_anything(tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed (CI installs it)")
    from playwright.sync_api import sync_playwright

    run("benchmark", "null", "rules", "--out", tmp_path)
    asked, complaints = [], []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("request", lambda r: asked.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.goto(Path(tmp_path / "index.html").as_uri())
        assert page.locator("h3").count() == len(load.articles("test", "invented"))
        assert page.locator("img").evaluate("i => i.complete && i.naturalWidth") > 300
        colour = "getComputedStyle(document.querySelector('.claim')).backgroundColor"
        lit = page.evaluate(colour)
        page.uncheck("#on-claim")
        assert page.evaluate(colour) != lit
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert asked == []
    assert complaints == []
