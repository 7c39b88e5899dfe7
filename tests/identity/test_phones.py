from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.phones import canonical_phones, standard_phones


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


@pytest.mark.parametrize(
    "written", ["+49 30 901820", "0049 30 901820", "(+49) 30 / 901820", "030 901820", "030-901820 x5"]
)
def test_a_short_number_has_one_key_with_and_without_calling_code(written):
    assert canonical_phones(pd.Series([written])).tolist() == [30901820]


def test_a_country_tells_a_calling_code_without_plus():
    phones, countries = pd.Series(["49 30 901820", "49 30 901820"]), pd.Series(["Deutschland", None])
    assert canonical_phones(phones, countries).tolist() == [30901820, 930901820]


def test_a_number_that_would_be_too_short_keeps_its_calling_code():
    assert canonical_phones(pd.Series(["+49 89 1734"])).tolist() == [49891734]


def test_standard_phones_are_e164_or_missing():
    phones = pd.Series(
        ["020 7946 0018", "+44 20 7946 0018 ext. 3", "0123456789", "+1 425 555 0100", None], index=list("abcde")
    )
    standard = standard_phones(phones, pd.Series(["United Kingdom", None, "UK", "US", "US"], index=list("abcde")))
    assert standard.tolist()[:2] == ["+442079460018"] * 2
    assert standard[["c", "d", "e"]].isna().all()
