"""What is wrong with each lead, as one categorical column."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from leadanalytics.vocabulary import Vocabulary

__all__ = ["name_problems"]


def name_problems(flags: Mapping[str, npt.NDArray[np.bool_]], vocabulary: Vocabulary) -> pd.Categorical:
    """Return the problems of every row, joined by '; ', the worst first; missing where there is none.

    Each problem is one bit of a number, the worst the highest, so only the distinct numbers are put into words.
    """
    known = [problem for problem in vocabulary.problems["problem"] if problem in flags]
    worst_first = known + [problem for problem in flags if problem not in known]
    bits = {problem: 1 << place for place, problem in enumerate(reversed(worst_first))}
    masks = sum((flag * np.int32(bits[problem]) for problem, flag in flags.items()), start=np.int32(0))
    distinct = np.unique(masks)[::-1]
    distinct = distinct[distinct > 0]
    names = ["; ".join(problem for problem in worst_first if mask & bits[problem]) for mask in distinct]
    return pd.Categorical.from_codes(pd.Index(distinct).get_indexer(masks), names)
