from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from resembling_leads import RESEMBLING, lead_frame

from leadanalytics.identity.evidence import DIFFERENT, INITIAL, SAME, SIMILAR, UNKNOWN, measure_population, weigh
from leadanalytics.identity.profiles import read_profiles
from leadanalytics.identity.weights import load_weights

WEIGHTS = load_weights()


def compare(one, other, *more):
    """Return the evidence of the first two leads of some."""
    profiles = read_profiles(lead_frame([one, other, *more]))
    return weigh(profiles, measure_population(profiles), profiles.of[[0]], profiles.of[[1]])


def bits(evidence, field):
    return float(evidence.bits[field][0])


def size(leads):
    return np.log2(leads + 1000)


@pytest.mark.parametrize(
    ("one", "other", "standing"),
    [
        ("Ana", "ANA", SAME), ("Robert", "Bob", SIMILAR), ("Robert", "Rober", SIMILAR), ("Beatrix", "Bea", SIMILAR),
        ("Ana", "A.", INITIAL), ("A.", "A", INITIAL), ("Ana", "Eva", DIFFERENT), ("Jo", "John", DIFFERENT),
        ("Maria Luisa", "Luisa", SIMILAR), ("Ana", None, UNKNOWN), ("明", "明", SAME), ("明", "强", DIFFERENT),
    ],
)  # fmt: skip
def test_first_names_stand_to_each_other(one, other, standing):
    one, other = ({"first_name": first, "last_name": last} for first, last in ((one, "Ruiz"), (other, "Gil")))
    assert compare(one, other).first.tolist() == [standing]


@pytest.mark.parametrize(
    ("one", "other", "standing"),
    [
        ("Ruiz", "Ruíz", SAME), ("Ruiz", "Riuz", SIMILAR), ("Ruiz-Vega", "Vega", SIMILAR), ("Ruiz", "R", INITIAL),
        ("Ruiz", "Ruizenberg", DIFFERENT), ("Robert", "Bob", DIFFERENT),
    ],
)  # fmt: skip
def test_last_names_stand_to_each_other(one, other, standing):
    one, other = ({"first_name": first, "last_name": last} for first, last in (("Ana", one), ("Eva", other)))
    assert compare(one, other).last.tolist() == [standing]


def test_a_whole_name_counts_as_one_in_any_order():
    evidence = compare({"first_name": "Ana", "last_name": "Ruiz"}, {"first_name": "Ruiz", "last_name": "Ana"})
    assert evidence.full.tolist() == [SAME]
    assert bits(evidence, "name") == pytest.approx(np.log2(1002 / 2))


def test_a_name_of_many_tells_little():
    ana = {"first_name": "Ana", "last_name": "Ruiz"}
    namesakes = [ana | {"email": f"ana{number}@gmail.com"} for number in range(64)]
    assert bits(compare(*namesakes), "name") < bits(compare(*namesakes[:2]), "name") - 4


def test_an_initial_tells_no_more_than_a_letter():
    one, other = {"first_name": "A.", "last_name": "Ruiz", "title": "CTO"}, {"first_name": "A", "last_name": "Chen"}
    assert bits(compare(one, other), "name") == WEIGHTS["first_initial"] + WEIGHTS["last_differs"]


def test_an_address_of_ones_own_tells_most_and_less_with_each_doubling_of_its_names():
    rows = [
        {"email": "ana@gmail.com", "first_name": "Ana", "last_name": last} for last in ("Ruiz", "Ruiz", "Gil", "Paz")
    ]
    rows[0] |= {"title": "CTO"}
    alone, shared = compare(*rows[:2]), compare(*rows, rows[0] | {"last_name": "Sol"})
    assert bits(alone, "email") == pytest.approx(size(2) + WEIGHTS["email_same"])
    expected = size(5) + WEIGHTS["email_same"] + 2 * WEIGHTS["email_per_doubling_of_names"]
    assert bits(shared, "email") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "other", "weight"),
    [
        ("ana@gmail.com", "eva@gmail.com", "email_differs_free"),
        ("ana@contoso.com", "ana@fabrikam.com", "email_differs_work"),
        ("ana@contoso.com", "eva@gmail.com", "email_differs_mixed"),
        ("ana@contoso.com", "eva@contoso.com", "email_colleague"),
    ],
)
def test_addresses_that_differ_speak_against(one, other, weight):
    assert bits(compare({"email": one}, {"email": other}), "email") == WEIGHTS[weight]


def test_a_role_mailbox_says_nothing():
    assert bits(compare({"email": "info@contoso.com", "title": "CTO"}, {"email": "info@contoso.com"}), "email") == 0


@pytest.mark.parametrize(
    ("one", "other", "weight"),
    [
        ("ana.ruiz@contoso.com", "ana.riuz@contoso.com", "email_mailbox_typo"),
        ("anaruiz@gmail.com", "anaruiz@gmial.com", "email_domain_typo"),
    ],
)
def test_addresses_a_slip_apart_are_nearly_the_same(one, other, weight):
    evidence = compare({"email": one}, {"email": other})
    assert evidence.email.tolist() == [SIMILAR]
    assert bits(evidence, "email") == pytest.approx(size(2) + WEIGHTS[weight])


def test_numbered_mailboxes_and_contradicting_names_are_no_slip():
    assert compare({"email": "ana1@contoso.com"}, {"email": "ana2@contoso.com"}).email.tolist() == [DIFFERENT]
    ana, eva = ({"first_name": name, "email": f"{name}@contoso.com"} for name in ("Ana", "Anke"))
    assert compare(ana, eva).email.tolist() == [DIFFERENT]


def test_a_number_tells_less_with_each_name_on_it_but_never_nothing():
    rows = [
        {"phone": "020 7946 0018", "first_name": "Ana", "last_name": "Ruiz", "title": title} for title in ("A", "B")
    ]
    strangers = [rows[0] | {"last_name": f"{chr(97 + n)}{'xyz'[n % 3]}{chr(122 - n)}o"} for n in range(26)]
    assert bits(compare(*rows), "phone") == pytest.approx(size(2) + WEIGHTS["phone_same"])
    assert bits(compare(*rows, *strangers), "phone") < 1.1
    assert bits(compare(*rows, *strangers * 9), "phone") >= WEIGHTS["phone_same_least"]


@pytest.mark.parametrize(
    ("one", "other", "weight"),
    [("020 7946 0018", "020 7946 0019", "phone_one_digit"), ("020 7946 0018", "020 1234 5018", "phone_differs")],
)
def test_numbers_may_be_a_digit_apart_or_differ(one, other, weight):
    assert bits(compare({"phone": one}, {"phone": other}), "phone") == WEIGHTS[weight]


@pytest.mark.parametrize(
    ("one", "other", "standing"),
    [
        ({"company": "Contoso Ltd"}, {"company": "CONTOSO"}, SAME),
        ({"company": "Contoso"}, {"email": "eva@contoso.co.uk"}, SAME),
        ({"company": "Northwind Traders"}, {"company": "Northwind Tarders"}, SIMILAR),
        ({"company": "Northwind Traders"}, {"email": "eva@northwind.example"}, SIMILAR),
        ({"company": "Contoso"}, {"company": "Contoso Fabrics"}, DIFFERENT),  # too short to be the same for sure
        ({"company": "Contoso"}, {"company": "Fabrikam"}, DIFFERENT),
        ({"company": "Contoso"}, {"email": "eva@fabrikam.com"}, UNKNOWN),
        ({"company": "Contoso"}, {"company": None}, UNKNOWN),
    ],
)
def test_companies_stand_to_each_other(one, other, standing):
    assert compare(one, other).company.tolist() == compare(other, one).company.tolist() == [standing]


def test_a_company_and_the_domain_that_names_it_count_once():
    written = compare({"company": "Contoso", "title": "CTO"}, {"company": "Contoso"})
    both = compare(
        {"company": "Contoso", "email": "ana@contoso.com"}, {"company": "Contoso", "email": "eva@contoso.com"}
    )
    assert bits(both, "company") == bits(written, "company") == WEIGHTS["company_share"] * np.log2(1002 / 2)


def test_beside_an_address_a_company_tells_next_to_nothing():
    same = {"email": "ana@contoso.com", "company": "Contoso"}
    assert bits(compare(same, same | {"title": "CTO"}), "company") == WEIGHTS["company_same_beside_email"]


def test_titles_and_countries_tell_a_little():
    same = compare({"title": "CTO", "country": "GB", "last_name": "A"}, {"title": "cto", "country": "UK"})
    differing = compare({"title": "CTO", "country": "GB"}, {"title": "CIO", "country": "FR"})
    assert bits(same, "title") == WEIGHTS["title_same_most"]
    assert bits(differing, "title") == WEIGHTS["title_differs"]
    assert [bits(each, "country") for each in (same, differing)] == [
        WEIGHTS["country_same"],
        WEIGHTS["country_differs"],
    ]


def test_caution_where_no_contact_is_in_common():
    one, other = {"last_name": "Ruiz", "title": "CTO"}, {"last_name": "Ruiz"}
    assert bits(compare(one, other), "caution") == WEIGHTS["no_contact_in_common"]
    assert bits(compare(one | {"company": "Contoso"}, other | {"company": "Contoso"}), "caution") == 0


@settings(max_examples=60, deadline=None)
@given(RESEMBLING)
def test_evidence_is_the_same_from_both_sides(rows):
    profiles = read_profiles(lead_frame(rows))
    population = measure_population(profiles)
    one, other = (each.ravel() for each in np.indices((len(profiles), len(profiles))))
    there, back = weigh(profiles, population, one, other), weigh(profiles, population, other, one)
    for field, found in there.bits.items():
        assert found.tolist() == pytest.approx(back.bits[field].tolist()), field
    assert there.total.tolist() == pytest.approx(np.sum(list(there.bits.values()), axis=0).tolist())
