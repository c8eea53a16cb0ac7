"""An extractor from outside the package: every number printed in digits is a claim of the killed. Copy it, and do better."""

import re

from conflictwire.extractors import Document
from conflictwire.model import Claim, Prediction, Span


class Shout:
    """Every number in digits is a death toll."""

    def extract(self, document: Document) -> Prediction:
        claims = [
            Claim(id=f"c{n}", span=Span(*m.span(), m.group()), values=[str(int(m.group()))], measure="killed")
            for n, m in enumerate(re.finditer(r"\b[0-9]+\b", document.text), start=1)
        ]
        return Prediction(document.id, claims=claims)
