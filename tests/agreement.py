"""How far customers that were found agree with the true ones."""

from __future__ import annotations

import numpy as np
import pandas as pd


def agreement(true: pd.Series, found: pd.Series) -> dict[str, float]:
    """Return the measures of a clustering of leads.

    From the true and the found customer of each lead to precision, recall and F1 over pairs of leads, the B-cubed F1
    over leads (Bagga and Baldwin, https://aclanthology.org/C98-1012), the error of the number of customers, and the
    leads of the largest customer.

    Examples
    --------
    >>> measures = agreement(pd.Series(list("aaab")), pd.Series(list("xxyz")))
    >>> {name: round(value, 3) for name, value in measures.items()}
    {'precision': 1.0, 'recall': 0.333, 'f1': 0.5, 'b_cubed_f1': 0.8, 'count_error': 0.5, 'largest': 2}
    """
    true_codes, found_codes = pd.factorize(true)[0], pd.factorize(found)[0]
    both_codes = pd.factorize(true_codes.astype("int64") * len(true) + found_codes)[0]
    of_true, of_found, of_both = (np.bincount(codes) for codes in (true_codes, found_codes, both_codes))
    right, said, there = (float((sizes * (sizes - 1) // 2).sum()) for sizes in (of_both, of_found, of_true))
    shared = of_both[both_codes]
    b_precision, b_recall = (shared / of_found[found_codes]).mean(), (shared / of_true[true_codes]).mean()
    return {
        "precision": right / max(said, 1),
        "recall": right / max(there, 1),
        "f1": 2 * right / max(said + there, 1),
        "b_cubed_f1": float(2 * b_precision * b_recall / (b_precision + b_recall)),
        "count_error": len(of_found) / len(of_true) - 1,
        "largest": int(of_found.max()),
    }
