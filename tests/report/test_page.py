import functools
import itertools
import re
from html.parser import HTMLParser

import pytest
from npm_packages import required_package
from report_cases import PAYLOADS, ROWS, found, leads_of, listed_vocabulary, random_leads, random_rules

from leadanalytics.report.page import render
from leadanalytics.vocabulary import load_vocabulary

AXE = "4.10.3"
TEXT = ("first_name", "last_name", "company", "email", "phone", "country", "title", "campaign", "note", "lead_source")
SERIOUS = "axe.run().then(found => found.violations.filter(each => /serious|critical/.test(each.impact))"
TELL = ".map(each => each.id + ': ' + each.nodes.map(node => node.html.slice(0, 200)).join(' | ')))"


def page(leads=None, *, title="Leads of Contoso", offers=20, vocabulary=None, **options):
    vocabulary = vocabulary or load_vocabulary()
    findings = found(leads, vocabulary=vocabulary, **options)
    return render(findings, title=title, offers=offers, vocabulary=vocabulary)


@functools.cache
def usual_page(with_people=False):
    return page(with_people=with_people)


def hostile_leads():
    """Every text field holds what would run if it were read as markup."""
    payload = "".join(PAYLOADS)
    leads = leads_of(**dict.fromkeys(TEXT, payload), source="SPZA", action=payload, offer_title=payload)
    offers = leads["offer_id"].map({"crane": f"crane{payload}", "lift": f"lift{payload}"})
    problem = leads["record_id"].map(lambda record: payload).astype("category")
    return leads.assign(offer_id=offers, offer_name=offers, problem=problem)


# A rate of nothing, also with decimals; not the 10 % of a larger number, nor the foot of an interval.
NONE = re.compile(r"(?<![\d.,])0(?:\.0+)?\s?%")


class Reading(HTMLParser):
    """What a page says: its text with the words of its pictures, and the rows of its tables by caption."""

    def __init__(self, text):
        super().__init__()
        self.words, self.tables, self.inside, self.cells, self.caption = [], {}, [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside.append(tag)
        self.words += [value for name, value in attrs if name == "aria-label"]
        if tag == "tr":
            self.cells = []
        elif tag in ("th", "td"):
            self.cells.append("")
        elif tag == "caption":
            self.caption = ""

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass
        if tag == "caption":
            self.tables[self.caption] = []
        elif tag == "tr":
            self.tables[self.caption].append(self.cells)

    def handle_data(self, data):
        if "style" in self.inside:
            return
        self.words.append(data)
        if {"th", "td"} & {*self.inside}:
            self.cells[-1] += data
        elif "caption" in self.inside:
            self.caption += data

    def table(self, caption):
        """Return the rows of a table as dicts by its headings."""
        (heads, *rows) = next(rows for name, rows in self.tables.items() if name.startswith(caption))
        return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.mark.parametrize("seed", range(4))
def test_no_rate_of_a_whole_page_reads_as_nothing_and_every_table_of_steps_adds_up(seed):
    leads, rules = random_leads(seed, (10, 40, 150, 400)[seed]), random_rules(seed)
    reading = Reading(page(leads, rules=rules, offers=8, vocabulary=listed_vocabulary()))
    assert not [words for words in reading.words if NONE.search(words)]
    tables = [reading.table(name) for name, rows in reading.tables.items() if "Left out" in rows[0]]
    assert bool(tables) == (rules.order != "any")
    for row in itertools.chain(*tables):
        (skipped,) = (cell for name, cell in row.items() if name.startswith("Skipped"))
        parts = (int(cell.replace(",", "")) for cell in (row["Reached"], skipped, row["Left out"]))
        assert sum(parts) == int(row["With such a lead"].replace(",", ""))


def test_a_step_that_nobody_reached_says_none_of_how_many_and_who_has_its_leads():
    rows = [(f"C-{n}", "crane", None, "Test drive", 2, False, False) for n in range(60)]
    rows += [(f"D-{n}", "crane", "Azure Marketplace", "Get it now", 3, False, False) for n in range(12)]
    reading = Reading(page(leads_of(rows)))
    text = " ".join(" ".join(reading.words).split())
    assert not NONE.search(text)
    (_, second) = reading.table("Test drive → Get it now: customers per offer at each step")
    assert second["Of the first step"].replace("\N{NO-BREAK SPACE}", " ") == "none of 60 (0 to 6 %)"
    assert second["Skipped Test drive"] == second["With such a lead"] == "12"
    assert "12 have such a lead all the same: 12 skipped Test drive" in text


def test_nothing_is_missing_where_many_funnels_are_told_in_short():
    leads = random_leads(1)
    reading = Reading(page(leads, as_of=None, vocabulary=listed_vocabulary(), offers=1))
    tallies = found(leads, as_of=None, vocabulary=listed_vocabulary()).tallies
    text = " ".join(reading.words)
    assert len(tallies) > 4
    assert all(tally.name in text for tally in tallies)
    assert {row["Funnel"] for row in reading.table("From the customers per offer")} == {
        *(tally.name for tally in tallies),
        "All funnels",
    }
    assert {row["Offer"].split(": to ")[0] for row in reading.table("Customers per offer at each step")} == {
        name for tally in tallies for name in tally.offers
    }


def test_the_rules_and_the_zone_are_printed():
    text = page(window="9 days", entry="first", tz="Asia/Tokyo")
    assert text.count("Customers per offer who took the steps of their offer within 9 days of their first entry") >= 2
    assert "30\N{NO-BREAK SPACE}June\N{NO-BREAK SPACE}2024, 09:00\N{NO-BREAK SPACE}JST" in text


def test_offers_go_by_their_titles():
    leads = leads_of().assign(offer_id=lambda leads: leads["offer_id"].map({"crane": "3f6c2a90-71de", "lift": "b4-x"}))
    text = page(leads, with_people=True)
    assert "Crane" in text and "Lift" in text
    assert "3f6c2a90-71de" not in text and "b4-x" not in text


def test_what_is_wrong_with_times_is_named():
    assert "time in the future" in page(leads_of(problem=["time in the future"] + [None] * 11))


class Outline(HTMLParser):
    """The ids, the links, the headings and the elements of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.headings, self.tags = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if tag == "a" else []
        self.headings += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []


def test_the_contents_lead_to_every_part_and_no_id_is_there_twice():
    outline = Outline(usual_page(with_people=True))
    assert {link[1:] for link in outline.links} <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    sections = [attrs["id"] for tag, attrs in outline.tags if tag == "section"]
    assert [link[1:] for link in outline.links if link != "#main"] == sections


def test_headings_go_down_one_level_at_a_time():
    headings = Outline(usual_page()).headings
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(headings))


def test_every_picture_says_what_it_shows_and_every_table_has_a_caption():
    outline = Outline(usual_page())
    pictures = [attrs for _, attrs in outline.tags if attrs.get("role") == "img"]
    assert pictures and all(len(attrs["aria-label"]) > 20 for attrs in pictures)
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in attrs for tag, attrs in outline.tags if tag == "th")


def test_it_fetches_nothing_and_runs_nothing():
    text = page(hostile_leads(), with_people=True)
    outline = Outline(text)
    (policy,) = (attrs["content"] for tag, attrs in outline.tags if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not {tag for tag, _ in outline.tags} & {"script", "img", "iframe", "link", "form", "object", "audio"}
    assert not [attrs for _, attrs in outline.tags if "src" in attrs or any(name.startswith("on") for name in attrs)]


def test_people_are_in_it_only_when_asked_for():
    without, named = usual_page(), usual_page(with_people=True)
    assert not [word for word in ("Ana", "Ruiz", "Fabrikam", "ana@example.com", "C-1", "C-7") if word in without]
    assert "Ana Ruiz" in named and "ana@example.com" in named


def test_whoever_asked_not_to_be_contacted_is_never_in_it():
    leads = leads_of()
    leads["email"] = leads["customer_id"].str.lower() + "@example.com"
    text = page(leads, with_people=True)
    assert "c-2@example.com" in text
    assert "c-7@example.com" not in text


def test_text_that_turns_the_words_around_it_is_cleaned():
    text = page(title="Contoso\N{RIGHT-TO-LEFT OVERRIDE} \x00leads")
    assert "<h1>Contoso   leads</h1>" in text


@pytest.mark.parametrize(
    "leads",
    [
        pytest.param(leads_of().iloc[:0], id="no leads"),
        pytest.param(leads_of(ROWS[-1:]), id="only a test lead"),
        pytest.param(leads_of(ROWS[-2:-1]), id="only one who asked not to be contacted"),
        pytest.param(leads_of(ROWS[:1]), id="one lead"),
        pytest.param(leads_of(ROWS[5:8]), id="one offer"),
        pytest.param(leads_of(offer_id="x" * 80, offer_name="契約書と請求書の管理 " * 8), id="long names"),
        pytest.param(leads_of(offer_id=None, offer_name=None), id="no offers"),
        pytest.param(leads_of(marketplace=None), id="no storefront"),
        pytest.param(leads_of(marketplace="Other shop"), id="no storefront with a funnel"),
    ],
)
def test_few_leads_and_odd_ones_make_a_page(leads):
    assert "</html>" in page(leads, as_of=None, with_people=True)


def test_a_page_of_many_offers_stays_small():
    rows = [
        (f"C-{n}", f"offer{n % 200}", "Azure Marketplace", "Get it now", n % 28 + 1, False, False) for n in range(999)
    ]
    text = page(leads_of(rows))
    assert text.count('class="panel"') == 20
    assert len(text.encode()) < 1_000_000


@pytest.mark.browser
@pytest.mark.parametrize("with_people", [False, True])
def test_hostile_names_do_nothing_in_a_browser(browser, tmp_path, with_people):
    path = tmp_path / "report.html"
    path.write_text(page(hostile_leads(), title="".join(PAYLOADS), with_people=with_people), encoding="utf-8")
    browser.page.goto(path.as_uri())
    open_all(browser.page)
    assert browser.page.locator("h1").inner_text() == "".join(PAYLOADS)
    assert browser.page.locator(".panel h3").first.inner_text().endswith("".join(PAYLOADS))
    assert (browser.outside, browser.dialogs, browser.errors) == ([], [], [])


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_no_serious_violation(browser, tmp_path, scheme, width):
    axe = required_package("axe-core", AXE, variable="LEADANALYTICS_REQUIRE_CHROMIUM") / "axe.min.js"
    path = tmp_path / "report.html"
    path.write_text(usual_page(with_people=True), encoding="utf-8")
    browser.page.emulate_media(color_scheme=scheme)
    browser.page.set_viewport_size({"width": width, "height": 844})
    browser.page.goto(path.as_uri())
    open_all(browser.page)
    browser.page.evaluate(axe.read_text(encoding="utf-8"))
    assert browser.page.evaluate(SERIOUS + TELL) == []


@pytest.mark.browser
def test_a_telephone_shows_it_without_scrolling_sideways(browser, tmp_path):
    path = tmp_path / "report.html"
    names = {
        "offer_name": "Document management for hospitals, clinics and their pharmacies, with archives",
        "offer_id": "x" * 80,
    }
    path.write_text(page(leads_of(**names), title="x" * 80, with_people=True), encoding="utf-8")
    browser.page.set_viewport_size({"width": 360, "height": 780})
    browser.page.goto(path.as_uri())
    open_all(browser.page)
    assert browser.page.evaluate("document.documentElement.scrollWidth") == 360
    drawn = browser.page.locator(".chart svg:visible").all()
    assert drawn and max(box["x"] + box["width"] for box in (each.bounding_box() for each in drawn)) <= 360


@pytest.mark.browser
def test_a_telephone_shows_what_to_do_below_its_problem(browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(page(leads_of(problem=["no offer"] * len(ROWS))), encoding="utf-8")
    browser.page.set_viewport_size({"width": 390, "height": 844})
    browser.page.goto(path.as_uri())
    row = browser.page.get_by_role("row").filter(has=browser.page.get_by_role("rowheader", name="no offer"))
    problem, advice = (row.get_by_role(role).last.bounding_box() for role in ("rowheader", "cell"))
    assert advice["x"] == problem["x"]
    assert advice["y"] >= problem["y"] + problem["height"]
    assert advice["width"] == 350


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
