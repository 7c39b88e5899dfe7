from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.identity.listing import listed, stages_per_offer

STAGES = pd.CategoricalDtype(["Test drive", "Get it now", "Install"], ordered=True)


def test_texts_are_listed_once_per_customer_in_order_of_appearance():
    texts = pd.Series(["b", "a", "b", None, "b"], dtype="str")
    assert listed(texts, np.array([0, 0, 0, 1, 2]), 3).fillna("").tolist() == ["b; a", "", "b"]


def test_stages_are_listed_by_rank_and_offers_by_first_touch():
    offers = pd.Series(["Flow", "Grid", "Flow", "Flow", None, "Grid", "Grid"], dtype="str")
    stages = pd.Series(["Install", "Test drive", "Test drive", "Install", "Get it now", None, "Install"], dtype=STAGES)
    found = stages_per_offer(offers, stages, np.array([0, 0, 0, 0, 0, 1, 2]), 3)
    assert found.fillna("").tolist() == [
        "Flow: Test drive, Install; Grid: Test drive; (no offer): Get it now",
        "",
        "Grid: Install",
    ]
