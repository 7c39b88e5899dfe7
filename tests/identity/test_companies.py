from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.companies import canonical_companies, company_numbers


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Fabrikam Clinics", "fabrikamclinics"),
        ("FABRIKAM CLINICS LTD.", "fabrikamclinics"),
        ("Fabrikam-Clinics, Inc", "fabrikamclinics"),
        ("The Fabrikam Clinics Company Limited", "fabrikamclinics"),
        ("Nordlicht GmbH & Co. KG", "nordlicht"),
        ("Alpine S.A. de C.V.", "alpine"),
        ("Alpine s. r. o.", "alpine"),
        ("Alpine Sp. z o.o.", "alpine"),
        ("Café & Söhne", "cafeandsohne"),
        ("Cafe and Sohne", "cafeandsohne"),
        ("ООО Ромашка", "ромашка"),
        ("株式会社東京", "東京"),
        ("東京（株）", "東京"),
        ("北京科技股份有限公司", "北京科技"),
        ("Fabrikam Group", "fabrikamgroup"),
        ("Contoso (UK) Ltd", "contoso"),
        ("Contoso Ltd (formerly (old) Grid)", "contoso"),
        ("Contoso (Pty) Ltd", "contoso"),
        ("Contoso Pty Limited", "contoso"),
        ("(Contoso) Ltd", "contoso"),
        ("Contoso (UK", "contoso"),
        ("(株)東京", "東京"),
        ('=HYPERLINK("http://a.example","Alpine Ltd")', "hyperlinkhttpaexamplealpine"),
        ("COOP", "coop"),
        ("AMBA", "amba"),
        ("Limited", "limited"),
        ("Co. Ltd.", "co"),
    ],
)
def test_one_company_has_one_spelling(written, canonical):
    assert canonical_companies(pd.Series([written])).tolist() == [canonical]


@pytest.mark.parametrize("written", [None, "", "-", "N/A", "none", "Self-Employed", "freelance", "Student"])
def test_what_is_no_company_is_missing(written):
    assert canonical_companies(pd.Series([written], dtype="str")).isna().all()


def test_the_same_company_has_the_same_number():
    numbers = company_numbers(pd.Series(["Alpine Ltd", None, "Grid", "alpine"], dtype="str")).tolist()
    assert numbers[0] == numbers[3] != numbers[2]
    assert numbers[1] == -1
