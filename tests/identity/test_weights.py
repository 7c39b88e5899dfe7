from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from leadanalytics.identity import weights
from leadanalytics.identity.weights import load_weights

TABLE = pd.read_csv(Path(weights.__file__).with_name("weights.csv"))


def test_every_weight_has_one_line_and_a_reason():
    assert not TABLE["evidence"].duplicated().any()
    assert TABLE["reason"].str.len().gt(10).all()


def test_weights_are_read_by_name():
    assert dict(load_weights()) == dict(zip(TABLE["evidence"], TABLE["bits"], strict=True))


def test_nobody_changes_the_weights_by_the_way():
    with pytest.raises(TypeError):
        load_weights()["prior"] = 0.0


def test_what_contradicts_weighs_against_and_what_agrees_for():
    found = load_weights()
    assert all(bits < 0 for name, bits in found.items() if name.endswith("_differs"))
    assert all(bits > 0 for name, bits in found.items() if name.endswith(("_initial", "_most", "_least")))
