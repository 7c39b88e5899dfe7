from __future__ import annotations

import pandas as pd
import pytest

from leadanalytics.identity.emails import canonical_emails, flat_emails, personal


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Ana.Ruiz@Example.COM", "ana.ruiz@example.com"),
        ("  ana@example.com \n", "ana@example.com"),
        ("mailto:ana@example.com?subject=hi", "ana@example.com"),
        ("Ana Ruiz <ana@example.com>", "ana@example.com"),
        ("<ana@example.com>;", "ana@example.com"),
        ("ana+azure+news@example.com", "ana@example.com"),
        ("a.n.a+x@gmail.com", "ana@gmail.com"),
        ("a.na@GoogleMail.com", "ana@gmail.com"),
        ("a.na@example.com.", "a.na@example.com"),
        ("ａｎａ@example.com", "ana@example.com"),
        ("jörg@example.com", "jorg@example.com"),
        ("ana＠example。com", "ana@example.com"),
        ('"Ruiz, Ana" <ana@example.com>', "ana@example.com"),
        ("'ana@example.com'", "ana@example.com"),
        ("[ana@example.com](mailto:ana@example.com)", "ana@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("ana@münchen.example", "ana@munchen.example"),
        ("ana@XN--mnchen-3ya.example", "ana@munchen.example"),
        ("ana@xn--e1afmkfd.example", "ana@пример.example"),
        ("ana@xn--zzzzzz99999.example", "ana@xn--zzzzzz99999.example"),
    ],
)
def test_one_mailbox_has_one_spelling(written, canonical):
    assert canonical_emails(pd.Series([written])).tolist() == [canonical]


@pytest.mark.parametrize(
    "written",
    ["", None, "n/a", "ana", "@example.com", "ana@", "ana@example", "ana@@example.com", "ana ruiz@example.com"],
)
def test_what_is_no_address_is_missing(written):
    assert canonical_emails(pd.Series([written], dtype="str")).isna().all()


@pytest.mark.parametrize(
    "address",
    [
        "info@example.com",
        "Sales2@example.com",
        "no-reply@example.com",
        "customer.service@example.com",
        "vertrieb@example.org",
        "ventas+azure@example.org",
        "test@example.com",
        "test123@example.com",
        "asdf@example.com",
        "none@none.com",
        "123456@example.com",
        "xx@example.com",
        "ana@test.com",
    ],
)
def test_role_mailboxes_and_placeholders_are_not_personal(address):
    assert not personal(flat_emails(pd.Series([address]))).any()


@pytest.mark.parametrize(
    "address", ["ana@example.com", "info.ruiz@example.com", "48151623@example.com", "al@x.example"]
)
def test_addresses_of_people_are_personal(address):
    assert personal(flat_emails(pd.Series([address]))).all()
