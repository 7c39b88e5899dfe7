from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.countries import _codes, country_codes, country_names

# Regions that are no country: the European Union, the United Nations, outlying Oceania, places that do not exist.
NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
NOT_LISTED = {"XK"}


def codes(*countries):
    return [None if pd.isna(code) else code for code in country_codes(pd.Series(countries, dtype="str"))]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("GB", "GB"), ("gbr", "GB"), ("U.K.", "GB"), (" United Kingdom ", "GB"), ("U.S.A.", "US"),
        ("the Netherlands", "NL"), ("Deutschland", "DE"), ("ESPAÑA", "ES"), ("日本", "JP"), ("Россия", "RU"),
        ("Guinea-Bissau", "GW"), ("guinea bissau", "GW"), ("Côte d’Ivoire", "CI"),
        ("Atlantis", None), ("-", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_any_common_way_of_writing_a_country_is_its_code(written, code):
    assert codes(written) == [code]


def test_rows_and_index_stay():
    found = country_codes(pd.Series(["GB", "nowhere", "UK"], index=list("abc")))
    assert found.dropna().to_dict() == {"a": "GB", "c": "GB"}


def test_a_country_has_one_english_name_and_what_is_none_stays_as_delivered():
    written = pd.Series(
        ["US", "USA", "United States", "u.s.a.", "UK", "GBR", "Atlantis ", "", None], index=range(9, 0, -1)
    )
    named = country_names(written)
    assert named.fillna("missing").tolist() == [
        *["United States"] * 4, *["United Kingdom"] * 2, "Atlantis ", "", "missing",
    ]  # fmt: skip
    assert (named.dtype, named.index.tolist()) == ("str", written.index.tolist())
    assert country_names(pd.Series([], dtype="str")).tolist() == []


def test_every_code_has_a_name_of_its_own_that_is_read_back_as_the_code():
    every = sorted(set(_codes().values()))
    names = country_names(pd.Series(every))
    assert not (names == every).any()
    assert country_codes(names).tolist() == every
    assert country_names(names).equals(names)


def test_every_country_is_known_by_its_english_name_and_by_its_own():
    babel = pytest.importorskip("babel")
    languages = pytest.importorskip("babel.languages")
    english = babel.Locale("en").territories
    countries = [code for code in english if code.isalpha() and len(code) == 2 and code not in NO_COUNTRY | NOT_LISTED]
    names = [(code, english[code]) for code in countries]
    for code in countries:
        for language in languages.get_official_languages(code):
            if babel.localedata.exists(language):
                names.append((code, babel.Locale.parse(language).territories.get(code, code)))
    found = codes(*(name for _, name in names))
    assert [name for name, code in zip(names, found, strict=True) if name[0] != code] == []
