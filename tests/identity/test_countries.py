from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.countries import country_codes

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
