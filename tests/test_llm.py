"""A language model behind a server that fails in every way: nothing is lost, each failure has a name, no key is written."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from conflictwire import extractors, harness
from conflictwire.cli import main
from conflictwire.corpus import load
from conflictwire.extractors import runner
from conflictwire.extractors.llm import prompt, response
from conflictwire.extractors.llm.model import Llm, read_answer
from conflictwire.formats.predictions import place_prediction
from conflictwire.model import article_from_json
from loopback import Server

KEY = "sk-a-secret-that-must-stay-secret"
TEST = load.articles("test", "invented")[:4]


def gold_answers():
    return {a.text: json.dumps(prompt.answer(a), ensure_ascii=False) for a in load.articles(part="invented")}


@pytest.fixture
def server(monkeypatch, tmp_path):
    answers = gold_answers()

    def answer(asked):
        """The gold of the article asked for, with every second claim forgotten: the last text in the conversation."""
        text = max((t for t in answers if t in asked), key=lambda t: asked.rindex(t))
        known = json.loads(answers[text])
        return json.dumps({**known, "claims": known["claims"][::2]})

    it = Server(answer)
    monkeypatch.setenv("MINE_API_KEY", KEY)
    monkeypatch.setenv("MINE_BASE_URL", it.url)
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("INSPECT_EVAL_MODEL", "openai-api/mine/test-model")
    monkeypatch.setenv("INSPECT_LOG_DIR", str(tmp_path / "logs"))
    yield it
    it.close()


@pytest.fixture
def article(worked):
    return article_from_json(worked)


# ---- what is shown and read, without a server ---------------------------------------------------------


def test_the_gold_as_an_answer_is_read_back_as_the_gold(article):
    outcome = read_answer(extractors.document(article), json.dumps(prompt.answer(article)))
    assert outcome.error is None
    assert outcome.beside["placement"].keys() == {"exact"}
    assert outcome.beside["failures"] == {}
    assert [c.span for c in outcome.prediction.claims] == [c.span for c in article.claims]
    assert [a.asserts for a in outcome.prediction.attributions] == [a.asserts for a in article.attributions]


def test_the_schema_of_the_answer_accepts_the_gold_and_holds_no_reference(article):
    import jsonschema

    schema = prompt.answer_schema()
    jsonschema.validate(prompt.answer(article), schema)
    assert "$ref" not in json.dumps(schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**prompt.answer(article), "claims": [{"id": "c1", "span": "14"}]}, schema)


def test_worked_examples_are_of_the_train_split_one_a_story():
    shown = prompt.examples(load.articles("train"), 2)
    assert {a.split for a in shown} == {"train"}
    assert len({a.story for a in shown}) == len(shown)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ('{"claims": [{"id": "c1", "sp', "not_json"),
        ("I cannot help with that.", "not_json"),
        ("[1, 2]", "not_an_object"),
    ],
)
def test_an_answer_that_cannot_be_read_is_named(article, raw, kind):
    outcome = read_answer(extractors.document(article), raw)
    assert (outcome.prediction, outcome.error) == (None, f"unusable answer: {kind}")
    assert outcome.beside["raw"] == raw


def test_what_is_wrong_in_an_answer_is_left_out_and_counted_and_the_rest_kept(article):
    answer = {
        "claims": [
            {"id": "c1", "span": {"text": "at least 14"}, "values": ["14"], "measure": "killed"},
            {"id": "c2", "span": {"text": "17"}, "values": ["17"], "measure": "slain"},
            {"id": "c3", "span": 17, "measure": "killed"},
            {"id": "c4", "span": {"text": "nine hundred and one"}, "values": ["901"], "measure": "killed"},
        ],
        "events": "none",
    }
    outcome = read_answer(extractors.document(article), "```json\n" + json.dumps(answer) + "\n```")
    assert [c.id for c in outcome.prediction.claims] == ["c1", "c4"]
    assert outcome.beside["failures"] == {"enum": 1, "item": 1, "layer": 1}
    assert outcome.beside["placement"] == {"absent": 1, "exact": 1}
    assert outcome.prediction.claims[1].span.start >= len(article.text)
    assert outcome.prediction.events is None


def test_nearly_right_words_are_placed_in_the_one_sentence_that_nearly_holds_them(article):
    def placed(words):
        found, how = place_prediction({"id": "x", "attributions": [{"id": "a", "content": [words]}]}, article.text)
        (kind,) = how
        span = found["attributions"][0]["content"][0]
        return kind, article.text[span["start"] : span["end"]]

    assert placed("the toll had rissen to 17") == ("fuzzy", "the toll had risen to 17")
    assert placed("the Red Heron Brigade for that attack")[0] == "fuzzy"
    assert placed("a bus fell into the river")[0] == "absent"
    # Half in one sentence and half in the next: never across.
    assert placed("the ministry said.\nA guard was woundedd")[0] == "absent"


def test_fences_are_taken_off():
    assert response.read('```json\n{"claims": []}\n```').layers == {"claims": []}


# ---- a server that fails ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_run_survives_every_fault_and_names_each(server, tmp_path):
    hallucinated = json.dumps({"claims": [{"id": "c1", "span": {"text": "seven thousand"}, "measure": "killed"}]})
    server.faults = ["429", "500", "silence"]
    found = {o.id: o for o in Llm(shots=1).extract_all([extractors.document(a) for a in TEST])}
    assert [o.error for o in found.values()] == [None] * len(TEST)
    assert all(o.beside["usage"] == {"input": 100, "output": 50} for o in found.values())
    server.faults = ['{"claims": [', "", hallucinated]
    names = [
        o.beside["failures"] or o.beside["placement"]
        for o in Llm(shots=0).extract_all([extractors.document(a) for a in TEST[:3]])
    ]
    assert sorted(map(str, names)) == sorted(map(str, [{"not_json": 1}, {"empty": 1}, {"absent": 1}]))
    written = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert written and not any(KEY.encode() in p.read_bytes() for p in written)


@pytest.mark.slow
def test_a_killed_run_asks_again_only_for_what_was_not_answered(server, tmp_path):
    server.slow = 0.3
    out = tmp_path / "llm.jsonl"
    script = (
        "from conflictwire import extractors\n"
        "from conflictwire.corpus import load\n"
        "from conflictwire.extractors import runner\n"
        "import sys, pathlib\n"
        "documents = [extractors.document(a) for a in load.articles('test', 'invented')[:4]]\n"
        "runner.run_to_file('llm', documents, pathlib.Path(sys.argv[1]))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "INSPECT_EVAL_MAX_CONNECTIONS": "1"}
    command = [sys.executable, "-c", script, str(out)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cache = tmp_path / "cache"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (cache.is_dir() and any(p.is_file() for p in cache.rglob("*"))):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    answered = {p for p in cache.rglob("*") if p.is_file()}
    assert answered
    asked_before = dict(server.asked)
    server.slow = 0.0
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [r["id"] for r in rows] == [a.id for a in TEST]
    assert all("prediction" in r for r in rows)
    again = [q for q, n in server.asked.items() if n > asked_before.get(q, 0) and q in asked_before]
    assert len(again) <= len(asked_before) - len(answered)


@pytest.mark.slow
def test_both_harnesses_give_the_numbers_of_our_own_command(server, tmp_path, monkeypatch):
    """The same answers through `conflictwire extract llm` and `score`, inspect's task, and lm-eval's."""
    run = CliRunner().invoke
    articles = load.articles("test", "invented")
    gold = tmp_path / "gold.jsonl"
    from conflictwire.corpus.files import json_line
    from conflictwire.model import to_json

    gold.write_text("".join(json_line(to_json(a)) + "\n" for a in articles), encoding="utf-8")
    out = tmp_path / "llm.jsonl"
    result = run(main, ["extract", "llm", str(gold), "--out", str(out)])
    assert result.exit_code == 0, result.output
    options = [x for m in harness.HEADLINE for x in ("--metric", m)]
    ours = {
        s["metric"]: s["f1"]
        for s in json.loads(run(main, ["score", str(gold), str(out), "--json", *options]).stdout)["scores"]
    }
    assert 0 < ours["claims.attributed"] < 1

    import inspect_ai
    from inspect_ai.model import get_model

    from conflictwire.harness.inspect_task import conflictwire

    (log,) = inspect_ai.eval(
        conflictwire(),
        model=get_model("openai-api/mine/test-model", memoize=False),
        log_dir=str(tmp_path / "logs"),
        display="none",
    )
    assert log.status == "success", log.error
    by_inspect = {name: m.value for s in log.results.scores for name, m in s.metrics.items()}

    import lm_eval
    from lm_eval.tasks import TaskManager

    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    folder = str(harness.__path__[0]) + "/lm_eval"
    results = lm_eval.simple_evaluate(
        model="local-chat-completions",
        model_args={"base_url": f"{server.url}/chat/completions", "model": "test-model", "num_concurrent": 1},
        tasks=["conflictwire"],
        task_manager=TaskManager(include_path=folder, include_defaults=False),
        apply_chat_template=True,
        bootstrap_iters=0,
    )
    by_lm_eval = {k.removesuffix(",none"): v for k, v in results["results"]["conflictwire"].items()}
    for metric in harness.HEADLINE:
        assert by_inspect[metric] == ours[metric], metric
        assert by_lm_eval[metric] == ours[metric], metric


def test_without_a_model_or_a_key_it_says_what_is_missing(monkeypatch):
    monkeypatch.delitem(runner._MADE, "llm", raising=False)
    monkeypatch.setenv("INSPECT_EVAL_MODEL", "openai-api/nobody/test-model")
    result = CliRunner().invoke(main, ["extract", "llm", "train"])
    assert result.exit_code == 2
    assert "NOBODY_API_KEY" in result.output
    monkeypatch.delitem(runner._MADE, "llm", raising=False)
    monkeypatch.delenv("INSPECT_EVAL_MODEL")
    result = CliRunner().invoke(main, ["extract", "llm", "train"])
    assert result.exit_code == 2
    assert "INSPECT_EVAL_MODEL" in result.output
