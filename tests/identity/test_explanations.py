from IPython.lib.pretty import pretty
from lead_frames import leads_of, person

from leadanalytics.identity import explain_customer, explain_pair, identify_customers

ANA = person("Ana Ruiz", email="ana@example.com", company="Al\x1bpine\nSystems")


def test_it_reads_as_lines_without_control_characters():
    leads = identify_customers(leads_of(ANA, ANA, person("Ana Ruiz")))
    text = str(explain_customer(leads, leads["customer_id"].iloc[0]))
    lines = text.splitlines()
    assert lines[0] == f"{leads['customer_id'].iloc[0]}: 2 records"
    assert lines[1] == "  r1  2024-03-01  Ana Ruiz  ana@example.com  Al pine Systems"
    assert lines[3].startswith("Joined by, the weakest first (99.9")
    assert lines[4].endswith("bits  same e-mail; same full name; same company  [r1 and r2]")
    assert lines[5] == "Nearest that was not merged:"
    assert lines[6].endswith("(nothing but a name in common)  [r1 and r3]")
    assert len(lines) == 7


def test_it_tells_what_was_joined_without_evidence():
    leads = identify_customers(leads_of(person("Ana Ruiz"), person("Li Chen")), same=[("r1", "r2")])
    lines = str(explain_pair(leads, "r1", "r2")).splitlines()
    assert lines[3] == "Joined by, the weakest first:"
    assert "you said that they are one person: first name differs" in lines[4]
    assert len(lines) == 5


def test_it_tells_what_only_the_ids_join():
    leads = leads_of(person("Ana Ruiz"), person("Li Chen"), customer_id="C-1")
    lines = str(explain_pair(leads, "r1", "r2", threshold=0)).splitlines()
    assert "not by these rules: first name differs" in lines[4]


def test_keys_are_told_without_bits():
    leads = identify_customers(leads_of(ANA, ANA, person("Ana Ruiz")), method="keys")
    told = explain_customer(leads, leads["customer_id"].iloc[0])
    lines = str(told).splitlines()
    assert lines[3:] == [
        "Joined by:",
        "  same e-mail; same name and company; no usable phone and name  [r1 and r2]",
        "Nearest that was not merged:",
        "  no usable e-mail; no usable phone and name; no usable name and company (no key agrees: needed is the same "
        "e-mail, phone and name, or name and company)  [r1 and r3]",
    ]
    assert (told.sure, told.confidence) == ("", 1)


def test_leads_without_times_are_told_without_a_day():
    leads = identify_customers(leads_of(ANA | {"company": None}).drop(columns="created_at"))
    text = str(explain_customer(leads, leads["customer_id"].iloc[0]))
    assert text.splitlines()[1] == "  r1  Ana Ruiz  ana@example.com"


def test_no_more_is_claimed_than_the_weights_can_tell():
    known = ANA | {"phone": "020 7946 0018", "title": "CTO", "country": "ES"}
    leads = identify_customers(leads_of(known, known))
    assert explain_pair(leads, "r1", "r2").sure == "99.99% sure"


def test_its_representation_names_nobody_but_a_notebook_shows_it_whole():
    leads = identify_customers(leads_of(ANA, ANA))
    told = explain_pair(leads, "r1", "r2")
    assert "Ana" not in repr(told)
    assert pretty(told) == str(told)
