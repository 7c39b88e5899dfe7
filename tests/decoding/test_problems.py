"""Problems in words."""

import dataclasses

import numpy as np

from leadanalytics.decoding.problems import name_problems
from leadanalytics.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def test_the_worst_comes_first_and_only_what_occurs_is_a_category():
    flags = {"no offer": np.array([True, True, False]), "no action": np.array([False, True, False])}
    problems = name_problems(flags, VOCABULARY)
    assert list(problems)[:2] == ["no offer", "no action; no offer"]
    assert problems.isna().tolist() == [False, False, True]
    assert list(problems.categories) == ["no action; no offer", "no offer"]


def test_a_problem_that_the_vocabulary_does_not_list_is_still_told():
    vocabulary = dataclasses.replace(VOCABULARY, problems=VOCABULARY.problems.iloc[:0])
    assert list(name_problems({"no offer": np.array([True])}, vocabulary)) == ["no offer"]
