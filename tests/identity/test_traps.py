"""Traps of customer lists, as the issue lists of other tools tell them: who must not become one, and who must."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.identity import identify_customers

FIELDS = ["first_name", "last_name", "email", "phone", "company", "country"]


def customers(rows, **columns):
    """Return the customer of each lead; a row is first name, last name, e-mail, phone, company, country."""
    leads = pd.DataFrame(rows, columns=FIELDS[: len(rows[0])] if rows else FIELDS).astype("str")
    leads = leads.assign(**columns)
    leads.insert(0, "record_id", [f"r{number:06d}" for number in range(len(leads))])
    return identify_customers(leads)["customer_id"]


def syllables(numbers):
    """Return an invented word for each number, different for different ones, as unlike as names are."""
    parts = ["ba", "den", "kor", "lim", "mo", "ras", "tuk", "vel", "zon", "fi"]
    return ["".join(parts[int(digit)] for digit in f"{number * 7919 % 100_000:05d}") for number in numbers]


def test_many_people_of_one_shared_mailbox_stay_themselves():
    rows = [
        (name, name[::-1], "info@contoso.example", f"020 79{number:06d}7", "Contoso", "GB")
        for number, name in enumerate(syllables(range(1, 41)))
    ]
    assert len(set(customers(rows))) == 40


def test_a_mailbox_that_no_list_knows_is_shared_when_many_names_use_it():
    rows = [(name, name[::-1], "welcome.desk@contoso.example") for name in syllables(range(1, 41))]
    assert len(set(customers(rows))) == 40


def test_a_family_with_one_phone_is_several_people():
    rows = [
        ("Ana", "Ruiz", "ana@mail.example", "+34 91 133 0590", None, "ES"),
        ("Pedro", "Ruiz", "pedro@mail.example", "+34 91 133 0590", None, "ES"),
        ("Lucía", "Ruiz", None, "+34 91 133 0590", None, "ES"),
    ]
    assert len(set(customers(rows))) == 3


def test_an_agency_that_signs_up_for_its_clients_does_not_make_them_one():
    rows = [
        (name, name[::-1], "signup@agency.example", "+44 20 7946 1234", f"{name} Works", "GB")
        for name in syllables(range(1, 61))
    ]
    assert len(set(customers(rows))) == 60


def test_placeholder_values_join_nobody():
    rows = [(name, name[::-1], "test@test.com", "1234567890", "n/a", "US") for name in syllables(range(1, 301))]
    assert len(set(customers(rows))) == 300


def test_namesakes_with_numbered_free_mail_are_two_people():
    rows = [
        ("John", "Smith", "john.smith1@gmail.com", None, None, "US"),
        ("John", "Smith", "john.smith2@gmail.com", None, None, "US"),
    ]
    assert len(set(customers(rows))) == 2


def test_father_and_son_of_one_name_and_phone_are_two_people():
    rows = [
        ("John", "Smith Sr", "john@mail.example", "+1 617 131 4151", None, "US"),
        ("John", "Smith Jr", "johnny@mail.example", "+1 617 131 4151", None, "US"),
    ]
    assert len(set(customers(rows))) == 2


def test_swapped_names_are_one_person():
    rows = [
        ("Ana", "Ruiz", "ana.ruiz@contoso.example", None, "Contoso", "ES"),
        ("Ruiz", "Ana", None, None, "Contoso", "ES"),
        (None, "Ruiz, Ana", None, None, "Contoso S.A.", "ES"),
    ]
    assert len(set(customers(rows))) == 1


def test_a_person_who_changed_company_is_recognised_by_the_number():
    rows = [
        ("Ana", "Ruiz", "ana.ruiz@contoso.example", "+34 91 133 0590", "Contoso", "ES"),
        ("Ana", "Ruiz", "aruiz@fabrikam.example", "0034 91 133 0590", "Fabrikam", "ES"),
    ]
    assert len(set(customers(rows))) == 1


def test_colleagues_of_one_surname_are_two_people():
    rows = [
        ("Ana", "Ruiz", "ana.ruiz@contoso.example", None, "Contoso", "ES"),
        ("Pedro", "Ruiz", "pedro.ruiz@contoso.example", None, "Contoso", "ES"),
        ("Ana", "Blanco", "ana.blanco@contoso.example", None, "Contoso", "ES"),
    ]
    assert len(set(customers(rows))) == 3


def test_one_mailbox_of_two_hundred_thousand_strangers_makes_no_giant():
    names = np.array(syllables(range(20_000)), object)
    numbers = np.arange(200_000)
    rows = pd.DataFrame(
        {
            "record_id": [f"r{number:06d}" for number in numbers],
            "first_name": names[numbers % 20_000],
            "last_name": names[(numbers * 7 + numbers // 20_000 + 1) % 20_000],
            "email": "me.myself@mail.example",
        }
    )
    assert identify_customers(rows)["customer_id"].value_counts().max() <= 2


def test_a_chain_of_five_thousand_steps_is_one_customer():
    # Address and number change in turns; so many strangers make the name as rare as it would be in a list.
    steps = range(5_000)
    homes = syllables(range(5_000, 7_501))
    chain = [
        (
            "Ottoline",
            "Ravensworth",
            f"ottoline@{homes[(step + 1) // 2]}.example",
            f"+44 20 {step // 2 * 7919 + 31_000_000}",
        )
        for step in steps
    ]
    strangers = [(name, name[::-1], f"{name}@mail.example", None) for name in syllables(range(40_000))]
    found = customers([*chain, *strangers], country="GB")
    assert len(set(found.head(5_000))) == 1
    assert len(set(found.iloc[5_000:])) == 40_000


def test_a_country_of_homonyms_is_as_many_people():
    rows = [("Văn An", "Nguyễn", f"{name}@mail.example", None, None, "VN") for name in syllables(range(2_000))]
    assert len(set(customers(rows))) == 2_000


def test_leads_without_anything_are_nobody_in_particular():
    assert len(set(customers([(None,) * 6] * 50))) == 50
    assert len(set(customers([("", " ", "-", "n/a", "?", "")] * 50))) == 50


def test_a_huge_company_is_as_many_people_as_it_has():
    first, last = syllables(range(60)), syllables(range(100, 150))
    rows = [
        (one, other, f"{one}.{other}@contoso.example", "+44 20 7946 1234", "Contoso", "GB")
        for one in first
        for other in last
    ]
    assert len(set(customers(rows))) == 3_000
    assert len(set(customers([*rows, *rows]))) == 3_000
