import numpy as np
import pytest
from lead_frames import leads_of, person

from leadanalytics.identity.decisions import decide
from leadanalytics.identity.evidence import measure_population, weigh
from leadanalytics.identity.profiles import read_profiles
from leadanalytics.identity.reasons import apart_because, reasons

ANA = person("Ana Ruiz", email="ana@contoso.example", phone="020 7946 0018", country="ES", company="Alpine Systems")


def evidence_of(*people):
    """Return the evidence of the first two people, in a list of all."""
    profiles = read_profiles(leads_of(*people))
    one, other = profiles.of[:1], profiles.of[1:2]
    return weigh(profiles, measure_population(profiles), one, other)


@pytest.mark.parametrize(
    ("changed", "speaks_for", "speaks_against"),
    [
        ({}, "same e-mail; same phone; same full name; same company; same country", ""),
        ({"first_name": "A", "last_name": "Ruiz-Gil"}, "same first initial; last name similar", ""),
        ({"first_name": "Li", "last_name": "Chen"}, "", "first name differs; last name differs"),
        ({"email": "ann@contoso.example"}, "e-mail similar", ""),
        ({"phone": "020 7946 0019"}, "phone similar", ""),
        ({"phone": "030 1234 5679", "country": "DE"}, "", "phone differs; country differs"),
        ({"email": "anita.r@fabrikam.example", "company": "Alpine Sistems"}, "company similar", "e-mail differs"),
    ],
)
def test_each_field_is_told_by_how_it_stands(changed, speaks_for, speaks_against):
    told = reasons(evidence_of(ANA, ANA | changed))
    assert speaks_for in told.speaks_for[0]
    assert speaks_against in told.speaks_against[0]
    assert told.all[0] == "; ".join(filter(None, [told.speaks_for[0], told.speaks_against[0]]))


def test_what_is_missing_is_not_told():
    (told,) = reasons(evidence_of(person("Ana Ruiz"), person("Ana Ruiz", title="CTO"))).all
    assert told == "same full name; no e-mail, phone or company in common"


def test_an_address_of_many_names_speaks_for_nobody():
    crowd = [person(f"{chr(97 + n) * 5} {chr(98 + n) * 6}", email="office@contoso.example") for n in range(20)]
    crowd += [person(f"{chr(97 + n) * 7} {chr(98 + n) * 8}", email="office@contoso.example") for n in range(20)]
    told = reasons(evidence_of(*crowd))
    assert told.speaks_against[0].startswith(("same e-mail, which many names share", "first name"))


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({}, ""),
        ({"first_name": "Li", "email": "li@contoso.example"}, "a part of the name contradicts"),
        ({"first_name": "Li", "last_name": "Chen", "phone": None}, "the whole name contradicts"),
        ({"first_name": None, "last_name": None, "email": None}, "neither a name nor an address in common"),
        ({"email": None, "phone": None, "company": None}, "nothing but a name in common"),
        (
            {"email": "ana.ruiz@gmail.com", "phone": None, "company": "Reef", "title": "CTO"},
            "bits below the threshold of 0",
        ),
    ],
)
def test_a_rule_or_the_missing_bits_keep_a_pair_apart(changed, because):
    evidence = evidence_of(ANA | {"title": "CTO"}, ANA | changed)
    decision = decide(evidence, threshold=0.0, review=-2.0)
    (told,) = apart_because(evidence, decision, 0.0)
    assert because in told
    assert bool(told) == bool(because)


def test_no_pairs_have_no_reasons():
    profiles = read_profiles(leads_of(ANA))
    none = np.zeros(0, "int64")
    assert reasons(weigh(profiles, measure_population(profiles), none, none)).all.tolist() == []
