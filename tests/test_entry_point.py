"""An extractor of another package is found by its entry point, listed, run and scored like our own."""

import json
import os
import subprocess
import sys

import pytest

from support import ROOT


@pytest.mark.slow
def test_an_installed_package_brings_its_extractor(tmp_path):
    where = tmp_path / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--target",
        str(where),
    ]
    # A copy: building writes beside the sources.
    source = tmp_path / "example"
    source.mkdir()
    for file in (ROOT / "tests" / "example_package").iterdir():
        if file.is_file():
            (source / file.name).write_bytes(file.read_bytes())
    subprocess.run([*pip, str(source)], check=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(where), *sys.path])}

    def run(*arguments):
        command = [sys.executable, "-c", "from conflictwire.cli import main; main()", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert "shout" in run("extractors").stdout
    out = tmp_path / "shout.jsonl"
    assert run("extract", "shout", "train", "--out", str(out)).returncode == 0
    scores = json.loads(run("score", "train", str(out), "--metric", "claims.level(0)", "--json").stdout)["scores"]
    assert 0 < scores[0]["f1"] < 1
