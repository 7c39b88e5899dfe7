from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.phones import canonical_phones


@pytest.mark.parametrize(
    "written",
    [
        "+44 20 7946 0018",
        "020 7946 0018",
        "0044-20-7946-0018",
        "(020) 7946.0018 ext. 12",
        "020 7946 0018 x12",
        "020 7946 0018#12",
        "０２０ ７９４６ ００１８",
    ],
)
def test_one_number_has_one_key(written):
    assert canonical_phones(pd.Series([written])).tolist() == [79460018]


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "n/a",
        "123456",
        "1234567890",
        "0123456789",
        "9876543210",
        "0000000000",
        "+1 555 555 5555",
        "1212121212",
        "+1 425 555 0100",
        "206-555-1234",
    ],
)
def test_short_and_made_up_numbers_have_none(written):
    assert canonical_phones(pd.Series([written], dtype="str")).tolist() == [-1]
