"""The usual sequences, so that a notebook and the command line say the same sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from leadanalytics.decoding import decode_leads
from leadanalytics.errors import OptionError
from leadanalytics.funnels import FunnelRules, build_funnels, count_stages, split_funnels
from leadanalytics.identity import collapse_customers, identify_customers
from leadanalytics.identity.countries import country_names
from leadanalytics.progress import Progress, tell_nobody
from leadanalytics.reading import Layout, read_leads
from leadanalytics.schema import CUSTOMER_FIELDS, check, conform
from leadanalytics.vocabulary import Vocabulary

__all__ = ["complete_leads", "count_each_offer", "count_offers", "list_customers", "load_leads"]


def load_leads(
    paths: str | Path | Iterable[str | Path],
    *,
    layout: str | None = None,
    layouts: Sequence[Layout] | None = None,
    columns: Mapping[str, str] | None = None,
    tz: str | None = None,
    date_order: str | None = None,
    vocabulary: Vocabulary | None = None,
    own_domains: Iterable[str] = (),
    match_rules: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the leads of files or folders, decoded, with the customer that each belongs to.

    Says `read_leads`, `decode_leads` and `identify_customers` in one breath.

    Parameters
    ----------
    paths : path or iterable of paths
        A file, a folder, a glob or several of them.
    layout : str, optional
        The name of a layout, where detection should not decide.
    layouts : sequence of Layout, optional
        The layouts to try, as from `load_layouts("my/layouts")`; the shipped ones by default.
    columns : mapping of str to str, optional
        A column of the files to the column of a raw frame that it serves, such as {"Correo": "email"}.
    tz : str, optional
        The zone of times whose writer's zone no file tells, such as "Europe/Berlin".
    date_order : {"month_first", "day_first"}, optional
        How 3/4/2024 is written where no file settles it.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.
    own_domains : iterable of str
        E-mail domains of the publisher, whose leads are tests.
    match_rules : MatchRules or mapping, optional
        What makes leads one customer's.
    progress : callable, optional
        Called as `progress(step, rows)` with the rows so far of each step; see `show_progress`.

    Returns
    -------
    DataFrame
        One row per delivered lead: the columns of the kind 'leads with customer_id'.

    Raises
    ------
    ReadError
        When nothing can be read as leads.
    OptionError
        When times or dates can be read in several ways, and neither the files nor `tz` and `date_order` tell which.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.load_leads("data/samples")  # doctest: +SKIP
    """
    tell = progress or tell_nobody
    raw = read_leads(
        paths,
        layout=layout,
        layouts=layouts,
        columns=columns,
        tz=tz,
        date_order=date_order,
        progress=partial(tell, "Reading"),
    )
    tell("Decoding", len(raw))
    leads = decode_leads(raw, vocabulary=vocabulary, own_domains=own_domains)
    return identify_customers(leads, match_rules, progress=tell)


def complete_leads(leads: pd.DataFrame, *, vocabulary: Vocabulary | None = None) -> pd.DataFrame:
    """Return leads with customer_id, decoded and identified where that was still to do.

    Parameters
    ----------
    leads : DataFrame
        Raw leads, leads, or leads with customer_id.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.

    Returns
    -------
    DataFrame
        The same rows, with all columns of the kind 'leads with customer_id'.

    Raises
    ------
    FrameError
        When the frame is none of these.
    """
    check(leads, "leads", columns=())  # that it is a frame
    if "lead_source" in leads.columns and "stage" not in leads.columns:
        leads = decode_leads(leads, vocabulary=vocabulary)
    if "customer_id" not in leads.columns:
        leads = identify_customers(leads)
    return conform(leads, "leads with customer_id")


def list_customers(leads: pd.DataFrame, *, vocabulary: Vocabulary | None = None) -> pd.DataFrame:
    """Return everybody who left a lead: the customers, then the test leads, which are nobody.

    `write_leads` parts the list: whoever may be contacted goes to one file, the others to a second one with the
    reason, so that the two together hold everybody. Each country has one spelling, its English name.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.

    Returns
    -------
    DataFrame
        The columns of the kind 'customers' and `is_test`; as many rows as customers and test leads.
    """
    customers = collapse_customers(leads, vocabulary=vocabulary).assign(is_test=False).round({"days_since": 1})
    tests = leads.loc[leads["is_test"], ["record_id", "created_at", *CUSTOMER_FIELDS]]
    tests = tests.rename(columns={"record_id": "record_ids", "created_at": "first_at"})
    tests = tests.assign(last_at=tests["first_at"], leads=1, do_not_contact=False, is_test=True)
    tests = tests.assign(country=country_names(tests["country"]))
    return pd.concat([customers, tests.sort_values(["first_at", "record_ids"])], ignore_index=True)


def count_offers(
    leads: pd.DataFrame,
    rules: FunnelRules | Mapping[str, Any] | None = None,
    *,
    vocabulary: Vocabulary | None = None,
    **changes: Any,
) -> pd.DataFrame:
    """Return each offer's counts, in its own funnel: the one that its listing gives, or that its codes prove.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    rules : FunnelRules or mapping, optional
        What the funnels mean; the unit must name offer_id. The default has a window of 30 days.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.
    **changes
        Choices of `FunnelRules` that differ from `rules`, such as funnel="acquisition" for every offer.

    Returns
    -------
    DataFrame
        The columns of the kind 'counts' after `funnel`, `offer_id` and `offer_name`, the offers by name; an offer with
        two branches has the rows of both. `attrs["definitions"]` says what each funnel counts.

    Raises
    ------
    OptionError
        When the unit does not name offer_id, or a choice has no such value.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    >>> counts = la.count_offers(leads)
    >>> sorted(set(counts["funnel"]))[:2]
    ['acquisition', 'contact_me']
    """
    rules = FunnelRules.read(rules, **changes)
    if "offer_id" not in rules.unit:
        raise OptionError(
            "the counts of each offer need a unit that names offer_id",
            found=f"unit={rules.unit}",
            next_step="unit=('customer_id', 'offer_id')",
        )
    return count_each_offer(build_funnels(leads, rules, vocabulary=vocabulary))


def count_each_offer(funnels: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of each offer of funnels, as `count_offers` does."""
    counts = count_stages(funnels, by=["offer_id", "offer_name"])
    if "funnel" not in counts.columns:
        counts.insert(0, "funnel", funnels.attrs["funnel"] or "own steps")
    result = counts.sort_values(["offer_name", "offer_id"], kind="stable", ignore_index=True)
    definitions = {str(name): part.attrs["definition"] for name, part in split_funnels(funnels)}
    # Within an offer, a customer and an offer are a customer.
    unit = [column for column in funnels.attrs["unit"] if column != "offer_id"] or ["offer_id"]
    result.attrs = {**funnels.attrs, "by": counts.attrs["by"], "unit": unit, "definitions": definitions}
    return result
