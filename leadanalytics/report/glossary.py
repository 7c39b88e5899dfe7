"""The terms that a page uses, explained: those of the file glossary.csv, and the stages that the funnels name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from leadanalytics.report.words import sentence_case

__all__ = ["explain_terms"]

FILE = Path(__file__).with_name("glossary.csv")


def explain_terms(page: str, *, steps: Iterable[str], stages: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the terms that occur in a page with their meanings, in the order of the alphabet.

    Parameters
    ----------
    page : str
        The page as it is read, or as it is written in HTML.
    steps : iterable of str
        The labels of the funnels' steps.
    stages : DataFrame
        The stages of the vocabulary: stage and meaning.

    Examples
    --------
    >>> stages = pd.DataFrame({"stage": ["Install"], "meaning": ["started to deploy the product"]})
    >>> explain_terms("<p>3 are open</p>", steps=["Install"], stages=stages)[0]
    ('Install', 'The customer started to deploy the product')
    """
    glossary = pd.read_csv(FILE, dtype="str")
    words = page.replace("\N{NO-BREAK SPACE}", " ")
    told = {term: meaning for term, meaning in zip(glossary["term"], glossary["meaning"]) if _occurs(term, words)}
    meanings = dict(zip(stages["stage"], stages["meaning"]))
    told |= {step: f"The customer {meanings[step]}" for step in steps if step in meanings}
    return [(sentence_case(term), told[term]) for term in sorted(told, key=str.casefold)]


def _occurs(term: str, words: str) -> bool:
    return re.search(rf"\b{re.escape(term)}", words, re.IGNORECASE) is not None
