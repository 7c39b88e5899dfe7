"""Source, action and offer of a lead, each from wherever it stands.

`Source-Action|Offer` in the lead source is the documented form; any part may be absent and stand in a column of its
own. A million leads have some hundreds of distinct combinations of these columns: each is read once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from leadanalytics.vocabulary import Vocabulary
from leadanalytics.vocabulary.connection_tests import TEST_TICKS

__all__ = ["TEST_CODE", "Codes", "Offer", "SourceReading", "read_combination", "split_lead_source"]

TEST_CODE = "test"
_TEST = re.compile(TEST_TICKS)
_BETWEEN = re.compile(r"[\W_]+")


class Offer(NamedTuple):
    """What names an offer: publisher and offer id, or a title, or both."""

    publisher_id: str | None = None
    offer_id: str | None = None
    title: str | None = None


class SourceParts(NamedTuple):
    """The parts of one lead source text, as written."""

    source: str | None = None
    action: str | None = None
    offer: str | None = None


class SourceReading(NamedTuple):
    """What one combination of lead source, action code, offer id and offer title says."""

    source: str | None
    action: str | None
    offer: Offer
    is_test: bool
    do_not_contact: bool
    actions_disagree: bool
    offers_disagree: bool


@dataclass(frozen=True)
class Codes:
    """The known sources and actions, under every spelling without regard to case, blanks, hyphens and brackets."""

    sources: Mapping[str, str]
    actions: Mapping[str, str]
    do_not_contact: frozenset[str]
    alone: Mapping[str, str]  # the action of a source that names none

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Codes:
        """Return the codes of a vocabulary; a code's own name wins over another's label or spelling."""
        sources, actions = vocabulary.sources, vocabulary.actions
        return cls(
            sources=_spellings(sources, "source"),
            actions=_spellings(actions, "action"),
            do_not_contact=frozenset(actions.loc[actions["do_not_contact"], "action"]),
            alone=sources.dropna(subset="action").set_index("source")["action"].to_dict(),
        )

    def source(self, text: str | None) -> str | None:
        """Return the code of a source, else the text itself."""
        return _code(text, self.sources)

    def action(self, text: str | None) -> str | None:
        """Return the code of an action, else the text itself."""
        return _code(text, self.actions)


def _spellings(table: pd.DataFrame, name: str) -> dict[str, str]:
    """Return the code of each spelling: a code's own name wins over the spellings and the label of others."""
    written = table.assign(spelling=table["written_as"].str.split(";")).explode("spelling")
    spellings: dict[str, str] = {}
    for texts, codes in (
        (table[name], table[name]),
        (written["spelling"], written[name]),
        (table["label"], table[name]),
    ):
        for text, code in zip(texts, codes, strict=True):
            if isinstance(text, str) and text.strip():
                spellings.setdefault(_folded(text), code)
    return spellings


def _folded(text: str) -> str:
    return _BETWEEN.sub("", text).casefold() or text


def _code(text: str | None, spellings: Mapping[str, str]) -> str | None:
    if text is None:
        return None
    return TEST_CODE if _TEST.search(text) else spellings.get(_folded(text), text)


def read_combination(
    codes: Codes, lead_source: str | None, action_code: str | None, offer_id: str | None, offer_title: str | None
) -> SourceReading:
    """Return what one combination of the four columns says; where two disagree, the lead source is followed."""
    parts = split_lead_source(lead_source, codes)
    source, action = codes.source(parts.source), codes.action(parts.action)
    lone_action = codes.action(_stripped(action_code))
    actions = {code for code in (action, lone_action) if code}
    named, lone = _offer_of(parts.offer), Offer(title=_stripped(offer_title))
    if text := _stripped(offer_id):
        lone = _offer_of(text)._replace(title=lone.title)
        if lone.offer_id is None:  # the column holds ids, so a text without a dot is an id as well
            lone = lone._replace(offer_id=text)
    return SourceReading(
        source=source,
        action=action or lone_action or codes.alone.get(source or ""),
        offer=_merged(named, lone),
        is_test=TEST_CODE in actions or source == TEST_CODE,
        do_not_contact=not actions.isdisjoint(codes.do_not_contact),
        actions_disagree=len(actions) > 1 and TEST_CODE not in actions,
        offers_disagree=any(map(_differ, named, lone)),
    )


def split_lead_source(text: str | None, codes: Codes) -> SourceParts:
    """Return the parts of a lead source, as written, with any blanks round the bar and the hyphen.

    The action stands after a hyphen before the first bar: after the one that leaves a known action, else after the
    last one. Without a bar the text is a source alone, unless it ends in a known action.

    Examples
    --------
    >>> from leadanalytics.vocabulary import load_vocabulary
    >>> codes = Codes.of(load_vocabulary())
    >>> split_lead_source("AppSource (SPZA)-INS | contoso.desk-365", codes)
    SourceParts(source='AppSource (SPZA)', action='INS', offer='contoso.desk-365')
    >>> split_lead_source("AzureMarketplace-INS", codes)
    SourceParts(source='AzureMarketplace', action='INS', offer=None)
    """
    head, bar, offer = (text or "").partition("|")
    head = head.strip()
    source, action = _split_head(head, codes, has_bar=bool(bar))
    return SourceParts(_stripped(source), _stripped(action), _stripped(offer))


def _split_head(head: str, codes: Codes, *, has_bar: bool) -> tuple[str, str | None]:
    if "-" not in head or _folded(head) in codes.sources:
        return head, None
    pieces = head.split("-")
    splits = [("-".join(pieces[:at]), "-".join(pieces[at:])) for at in range(1, len(pieces))]
    for source, action in splits:
        if codes.action(action.strip()) in codes.actions.values():
            return source, action
    return splits[-1] if has_bar else (head, None)


def _offer_of(text: str | None) -> Offer:
    """`publisher.offer`, split at the first dot when both sides hold something and there is no blank; else a title."""
    publisher, _, offer = (text or "").partition(".")
    if publisher and offer and not any(map(str.isspace, text or "")):
        return Offer(publisher, offer)
    return Offer(title=text)


def _merged(first: Offer, second: Offer) -> Offer:
    """Return the first offer, completed from the second; publisher and offer id are taken together."""
    ids = first if first.offer_id else second
    return Offer(ids.publisher_id, ids.offer_id, first.title or second.title)


def _differ(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and first.casefold() != second.casefold()


def _stripped(text: str | None) -> str | None:
    return (text or "").strip() or None
