"""The fuzz target runs: a few hundred inputs of each kind in the suite; CI runs it for longer (`fuzz.py`)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz import Feed, Target, damage

TARGET = Target()


@pytest.mark.parametrize("kind", range(len(TARGET.kinds)))
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_nothing_raises(kind, data):
    TARGET(kind.to_bytes(2, "big") + data)


@given(st.binary(min_size=20, max_size=200))
def test_damage_is_the_same_for_the_same_bytes_and_leaves_the_seed_alone(data):
    before = str(TARGET.articles[0])
    assert damage(TARGET.articles[0], Feed(data)) == damage(TARGET.articles[0], Feed(data))
    assert str(TARGET.articles[0]) == before
