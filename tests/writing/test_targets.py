import re
from pathlib import Path

import pytest

import leadanalytics
from leadanalytics.errors import WriteError
from leadanalytics.writing import load_targets

OWN = """
name = "own"
title = "Our own CRM"
compulsory = [["Mail"]]

[[columns]]
header = "Mail"
from = "email"

[[columns]]
header = "Name"
from = ["last_name", "first_name"]
otherwise = "unknown"
longest = 20
"""


def written(tmp_path, text):
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_headers_are_those_of_the_import_wizards():
    targets = load_targets()
    assert ", ".join(targets["dynamics365"].headers) == (
        "(Do Not Modify) Lead, (Do Not Modify) Row Checksum, (Do Not Modify) Modified On, Topic, First Name, "
        "Last Name, Email, Business Phone, Company Name, Job Title, Country/Region, Lead Source, Description, "
        "Record Created On"
    )
    assert ", ".join(targets["salesforce"].headers) == (
        "First Name, Last Name, Company, Title, Email, Phone, Country, Lead Source, Lead Status, Description, "
        "First Touch Date"
    )
    assert ", ".join(targets["salesforce_data_loader"].headers) == (
        "FirstName, LastName, Company, Title, Email, Phone, Country, LeadSource, Status, Description, "
        "First_Touch_Date__c"
    )
    assert ", ".join(targets["marketo"].headers) == (
        "Email Address, First Name, Last Name, Company Name, Job Title, Phone Number, Country, Person Source, "
        "Person Notes, First Touch Date"
    )
    assert ", ".join(targets["hubspot"].headers) == (
        "First Name, Last Name, Email, Phone Number, Company Name, Job Title, Country/Region, Lifecycle Stage, "
        "Message, First Touch Date"
    )


def test_a_folder_adds_targets_and_replaces_those_of_the_same_name(tmp_path):
    assert set(load_targets(written(tmp_path, OWN))) == {*load_targets(), "own"}
    (tmp_path / "own.toml").write_text(OWN.replace('"own"', '"hubspot"'), encoding="utf-8")
    assert load_targets(tmp_path)["hubspot"].headers == ("Mail", "Name")
    assert len(load_targets(tmp_path)) == len(load_targets())


def test_what_a_target_does_not_say_is_the_usual(tmp_path):
    own = load_targets(written(tmp_path, OWN))["own"]
    assert (own.suffixes, own.encoding, own.line_end, own.date_form) == (
        (".csv", ".xlsx"),
        "utf-8",
        "\r\n",
        "YYYY-MM-DD",
    )
    assert own.columns[1].sources == ("last_name", "first_name")


def test_the_example_of_the_documentation_is_a_target(tmp_path):
    text = (Path(leadanalytics.__file__).parents[1] / "docs" / "exports.md").read_text(encoding="utf-8")
    own = load_targets(written(tmp_path, re.search("```toml\n(.*?)```", text, re.DOTALL)[1]))["own"]
    assert own.headers == ("Mail", "Phone", "Name")
    assert own.compulsory == (("Mail", "Phone"), ("Name",))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('title = "Our own CRM"', ""), "title"),
        (('header = "Mail"', ""), "lacks the entry 'header'"),
        (('from = "email"', 'from = "e_mail"'), "email"),
        (('from = "email"', 'from = "do_not_contact"'), "what fills 'Mail' is one of"),
        (('from = "email"', 'from = "email"\nonly_with = "lastname"'), "what fills 'Mail'"),
        (('from = "email"', 'from = "email"\nmust_match = "("'), "not valid"),
        (('from = "email"', 'from = "email"\nlenght = 3'), "lenght"),
        (('from = "email"', 'from = ["first_at", "email"]'), "filled from a time"),
        (('header = "Name"', 'header = "Mail"'), "a header of its own"),
        (('header = "Name"', r'header = "Full\nName"'), "line break"),
        (('[["Mail"]]', '[["E-mail"]]'), "Mail"),
        (('name = "own"', 'name = "own"\ndate_form = "DD/MM/YYYY"'), "M/D/YY"),
        (('name = "own"', 'name = "own"\nline_end = "\\r"'), "line_end"),
        (('name = "own"', 'name = "own"\nencoding = "utf-9"'), "utf-9"),
        (('name = "own"', 'name = "own"\nsuffixes = [".xls"]'), ".xlsx"),
        (("longest = 20", "longest = 0"), "at least 1"),
        (('name = "own"', "name = own"), "not valid"),
    ],
)
def test_an_error_names_the_file_and_what_is_wrong_in_it(tmp_path, change, said):
    with pytest.raises(WriteError) as raised:
        load_targets(written(tmp_path, OWN.replace(*change)))
    assert "own.toml" in str(raised.value)
    assert said in str(raised.value)


def test_a_folder_without_targets_is_an_error(tmp_path):
    with pytest.raises(WriteError, match="holds no target"):
        load_targets(tmp_path)
