"""What an installed wheel must do with nothing else at hand; run by CI in an empty environment outside the clone."""

import subprocess
import sys
import time
from pathlib import Path

began = time.perf_counter()
import conflictwire as cw  # noqa: E402 - the time of this import is what is measured

imported = time.perf_counter() - began
heavy = {"pandas", "pyarrow", "numpy", "scipy", "jsonschema", "matplotlib", "datasets"} & sys.modules.keys()
assert not heavy, f"import conflictwire loads {heavy}"
print(f"import conflictwire: {imported:.3f} s")

assert "site-packages" in cw.__file__, cw.__file__
claims = cw.load("claims", split="test")
assert len(claims) > 10
assert {"low", "high", "voice", "sources"} <= set(claims.columns)
articles = cw.articles(part="invented")
assert articles
assert all(a.text for a in articles)
assert cw.extract("rules", "At least 14 people were killed in Soumra on Sunday, police said.").claims[0].values == [
    "14"
]
assert cw.score("test", [cw.extract("rules", a) for a in cw.articles("test", "invented")]).table.f1.notna().any()
command = Path(sys.executable).parent / "conflictwire"
for words in (["--help"], ["extractors"], ["metrics"], ["rules"], ["score", "--help"]):
    subprocess.run([command, *words], check=True, stdout=subprocess.DEVNULL)
Path("one.txt").write_text("A policeman was killed and about 20 people were wounded, the mayor said.", encoding="utf-8")
shown = subprocess.run([command, "extract", "rules", "one.txt"], check=True, capture_output=True, text=True).stdout
assert "about 20" in shown
print(f"wheel works: {len(claims)} test claims, {len(articles)} invented articles")
