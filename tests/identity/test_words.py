from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.flat import flatten, to_arrow
from leadanalytics.identity.words import is_listed, word_digests, word_list


@pytest.mark.parametrize("name", ["legal_forms", "name_titles", "placeholders", "role_mailboxes"])
def test_each_list_holds_words_once_and_no_comments(name):
    words = word_list(name)
    assert len(words) == len(set(words)) > 20
    assert not any(word.startswith("#") for word in words)


def test_words_are_found_in_their_list_only():
    listed = word_digests(["gmbh", "ltd"])
    texts = flatten(to_arrow(pd.Series(["gmbh", "ltd", "gmb", ""])))
    found = [is_listed(texts.data, *texts.offsets[row : row + 2], listed) for row in range(4)]
    assert found == [True, True, False, False]
