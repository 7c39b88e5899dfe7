from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from resembling_leads import RESEMBLING, lead_frame

from leadanalytics.identity.profiles import MOST_COMPANIES, read_profiles

ANA = {
    "first_name": "Ana", "last_name": "Ruiz", "email": "ana@contoso.com", "phone": "+44 20 7946 0018",
    "company": "Contoso", "country": "GB", "title": "CTO",
}  # fmt: skip


def text_of(values, profile=0):
    return values.texts[values.codes[profile]] if values.codes[profile] >= 0 else None


def test_leads_that_say_the_same_are_one_profile():
    again = {
        "first_name": "ANA", "last_name": "Ruíz", "email": "Ana+azure@Contoso.com", "phone": "020 7946 0018",
        "company": "Contoso Ltd.", "country": "United Kingdom", "title": "C.T.O.",
    }  # fmt: skip
    profiles = read_profiles(lead_frame([ANA, again | {"title": "cto"}]))
    assert profiles.of.tolist() == [0, 0]


def test_a_lead_that_says_anything_else_is_another_profile():
    others = [ANA | {field: None} for field in ANA]
    profiles = read_profiles(lead_frame([ANA, *others]))
    assert len(set(profiles.of.tolist())) == len(profiles) == 8


def test_values_are_comparable():
    profiles = read_profiles(lead_frame([ANA | {"email": "Ana.Ruiz@contoso.com", "title": " Head of  IT-Services"}]))
    values = (
        profiles.email, profiles.mailbox, profiles.domain, profiles.phone, profiles.first, profiles.last, profiles.full,
        profiles.company, profiles.country, profiles.title,
    )  # fmt: skip
    assert [text_of(each) for each in values] == [
        "ana.ruiz@contoso.com", "ana.ruiz", "contoso.com", "079460018", "ana", "ruiz", "ana ruiz", "contoso", "GB",
        "head of it services",
    ]  # fmt: skip


def test_fields_that_are_not_there_have_no_value():
    profiles = read_profiles(lead_frame([ANA])[["record_id"]])
    assert len(profiles) == 1
    assert [text_of(each) for each in (profiles.email, profiles.phone, profiles.full, profiles.title)] == [None] * 4
    assert profiles.work_domain.tolist() == [-1]
    assert profiles.is_personal.tolist() == profiles.is_free.tolist() == [False]


def test_no_leads_have_no_profiles():
    assert len(read_profiles(lead_frame([]))) == 0


def test_a_role_mailbox_is_nobodys_own():
    profiles = read_profiles(lead_frame([ANA, ANA | {"email": "info@contoso.com"}]))
    assert profiles.is_personal[profiles.of].tolist() == [True, False]


def test_a_domain_is_the_company_it_names():
    rows = [
        {"email": "ana@contoso.com"},
        {"email": "ana@mail.contoso.co.uk"},
        {"company": "www.Contoso.de"},
        {"company": "Contoso GmbH"},
    ]
    profiles = read_profiles(lead_frame(rows))
    work, written = profiles.work_domain[profiles.of], profiles.company.codes[profiles.of]
    assert work[0] == work[1] == written[2] == written[3] >= 0


def test_a_company_with_a_dot_in_its_name_keeps_its_words():
    profiles = read_profiles(lead_frame([{"company": "St. Mary Steel"}]))
    assert text_of(profiles.company) == "stmarysteel"


def test_free_mail_names_no_company():
    rows = [{"email": "ana@gmail.com", "company": "Contoso"}]
    rows += [{"email": f"ana{n}@mail.example", "company": f"Firm {n}"} for n in range(MOST_COMPANIES + 1)]
    rows += [{"email": f"ana{n}@work.example", "company": f"Firm {n}"} for n in range(MOST_COMPANIES)]
    profiles = read_profiles(lead_frame(rows))
    is_free = profiles.is_free[profiles.of]
    assert is_free.tolist() == [True] * (MOST_COMPANIES + 2) + [False] * MOST_COMPANIES
    assert ((profiles.work_domain[profiles.of] >= 0) == ~is_free).all()


def test_nicknames_share_a_class():
    profiles = read_profiles(lead_frame([{"first_name": name} for name in ("Bob", "Robert", "Zenobia")]))
    bob, robert, zenobia = profiles.nickname[profiles.first.codes[profiles.of]].tolist()
    assert bob == robert != -1 == zenobia


@settings(max_examples=40, deadline=None)
@given(RESEMBLING, st.randoms())
def test_profiles_do_not_depend_on_the_order_of_leads(rows, random):
    leads = lead_frame(rows)
    order = random.sample(range(len(leads)), len(leads))
    profiles, shuffled = read_profiles(leads), read_profiles(leads.iloc[order])
    assert shuffled.of.tolist() == profiles.of[order].tolist()
    for profile in range(len(profiles)):
        assert text_of(shuffled.email, profile) == text_of(profiles.email, profile)
        assert text_of(shuffled.last, profile) == text_of(profiles.last, profile)
