"""The page: findings poured into the template, nothing of them trusted."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import jinja2
from markupsafe import Markup

from leadanalytics.charts.words import NO_BREAK, cleaned
from leadanalytics.report.accounting import account_for_funnels, account_for_leads, account_for_units
from leadanalytics.report.feed_view import view_feed
from leadanalytics.report.findings import Findings
from leadanalytics.report.glossary import explain_terms
from leadanalytics.report.headlines import subtitle, tiles, untold
from leadanalytics.report.offer_view import view_offers
from leadanalytics.report.people_view import view_follow_ups
from leadanalytics.report.story_view import StoryView, view_story
from leadanalytics.report.words import instant
from leadanalytics.vocabulary import Vocabulary

__all__ = ["render"]

# Nothing is fetched, no script runs and no form is sent, whatever a lead may hold.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)


def render(findings: Findings, *, title: str, offers: int, vocabulary: Vocabulary) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    findings : Findings
    title : str
    offers : int
        At most so many offers are drawn.
    vocabulary : Vocabulary
        What the stages and the listings mean.
    """
    templates = _environment()
    stories = [view_story(story, key=f"story-{number}") for number, story in enumerate(findings.stories, 1)]
    shown: dict[str, Any] = {
        "title": title,
        "subtitle": subtitle(findings),
        "as_of": instant(findings.as_of) if findings.as_of is not None else None,
        "rules": str(findings.rules),
        "tiles": tiles(findings),
        "untold": untold(findings),
        "stories": stories,
        "definitions": [(tally.name, tally.attrs["definition"]) for tally in findings.tallies],
        "offers": view_offers(findings, most=offers, vocabulary=vocabulary),
        "follow_ups": view_follow_ups(findings.follow_ups),
        "feed": view_feed(findings),
        "accounts": [
            account_for_leads(findings.tallies, findings.leads, findings.rejects),
            account_for_funnels(findings.tallies, findings.leads),
            account_for_units(findings.tallies),
        ],
    }
    body = templates.get_template("body.html.j2").render(shown)
    steps = dict.fromkeys(step for tally in findings.tallies for step in tally.steps)
    return templates.get_template("page.html.j2").render(
        title=title,
        policy=POLICY,
        style=Markup(templates.get_template("report.css").render()),
        body=Markup(body),
        contents=list(_contents(stories, shown)),
        terms=explain_terms(body, steps=steps, stages=vocabulary.stages),
        version=version("leadanalytics"),
        **{name: shown[name] for name in ("subtitle", "as_of")},
        rules=str(findings.rules.changed(as_of=None)),  # the moment stands before it, in the zone of the page
    )


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("leadanalytics.report"),
        autoescape=lambda name: name is not None and not name.endswith(".css"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_without_controls,
    )


def _without_controls(value: object) -> object:
    """Take characters out of text that a page must not hold or that turn the text around them."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return NO_BREAK.join(map(cleaned, value.split(NO_BREAK)))


def _contents(stories: list[StoryView], shown: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the id and the name of each part of the page."""
    yield "in-short", "In short"
    for story in stories:
        yield story.key, story.answer.story
    yield "offers", "Offers"
    yield "follow-up", "Follow-up"
    if shown["follow_ups"].to_write_to is not None:
        yield "people", "People"
    yield "feed", "Health of the feed"
    yield "left-out", "What was left out"
    yield "method", "Method"
    yield "glossary", "Glossary"
