"""The usual sequences, so that a notebook and the command line say the same sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.decoding import decode_leads
from leadanalytics.funnels import build_funnels, count_stages
from leadanalytics.identity import collapse_customers, identify_customers
from leadanalytics.progress import Progress, tell_nobody
from leadanalytics.reading import Layout, read_leads
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT, check, conform
from leadanalytics.vocabulary import Vocabulary, load_vocabulary

__all__ = ["complete_leads", "count_offers", "list_customers", "load_leads", "storefront_funnels"]


def load_leads(
    paths: str | Path | Iterable[str | Path],
    *,
    layout: str | None = None,
    layouts: Sequence[Layout] | None = None,
    columns: Mapping[str, str] | None = None,
    tz: str | None = None,
    date_order: str | None = None,
    vocabulary: Vocabulary | None = None,
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
    return raw.pipe(decode_leads, vocabulary=vocabulary).pipe(identify_customers, progress=tell)


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
    reason, so that the two together hold everybody.

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
    return pd.concat([customers, tests.sort_values(["first_at", "record_ids"])], ignore_index=True)


def count_offers(
    leads: pd.DataFrame,
    *,
    funnel: str | None = None,
    window: str | pd.Timedelta | None = None,
    as_of: str | pd.Timestamp | None = None,
    vocabulary: Vocabulary | None = None,
) -> pd.DataFrame:
    """Return each offer's counts, in the funnel of every storefront that it is sold through.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    funnel : str, optional
        One funnel for every offer, instead of the storefronts' own; where no storefront has one, the first of
        funnels.csv is for every offer.
    window : str or Timedelta, optional
        The longest time from a customer's first step to any later one; none by default.
    as_of : str or Timestamp, optional
        The instant at which the funnel is read; the newest lead by default.
    vocabulary : Vocabulary, optional
        The meaning of the codes; the shipped one by default.

    Returns
    -------
    DataFrame
        The columns of the kind 'counts' after `funnel`, `offer_id` and `offer_name`; `attrs["definitions"]` says what
        each funnel counts.

    Examples
    --------
    >>> import leadanalytics as la
    >>> leads = la.make_leads(customers=100, seed=1).pipe(la.decode_leads).pipe(la.identify_customers)
    >>> counts = la.count_offers(leads, window="30 days")
    >>> sorted(set(counts["funnel"]))
    ['acquisition', 'appsource']
    """
    told = storefront_funnels(leads, funnel=funnel, vocabulary=vocabulary, window=window, as_of=as_of)
    parts = []
    for name, _, funnels in told:
        counts = count_stages(funnels, by="offer_id")
        counts.insert(0, "funnel", name)
        counts.insert(2, "offer_name", counts["offer_id"].map(funnels.attrs["offer_names"]))
        parts.append(counts)
    result = pd.concat(parts).sort_values(["offer_name", "offer_id"], kind="stable", ignore_index=True)
    definitions = {part["funnel"].iloc[0]: part.attrs["definition"] for part in parts if len(part)}
    result.attrs = {
        "unit": ["customer_id"],  # within an offer, a customer and an offer are a customer
        "definitions": definitions,
        "definition": " ".join(definitions.values()),
    }
    return result


def storefront_funnels(
    leads: pd.DataFrame, *, funnel: str | None = None, vocabulary: Vocabulary | None = None, **options: Any
) -> Iterator[tuple[str, str | None, pd.DataFrame]]:
    """Give the name of each storefront's funnel, the storefront, and the funnels of the offers sold through it.

    With one funnel for every offer, and where no storefront seen has a funnel, there is one storefront, None. An offer
    of several storefronts is in the funnel of each; one that no storefront names (test drives only) is in all. Beside
    the attrs of `build_funnels` are `sold_elsewhere`, the units of other offers that were left out, and `offer_names`
    by offer_id.

    Parameters
    ----------
    leads : DataFrame
        Leads with customer_id.
    funnel : str, optional
        As in `count_offers`.
    vocabulary : Vocabulary, optional
        As in `count_offers`.
    **options
        Those of `build_funnels`.
    """
    check(leads, "leads with customer_id", columns=["customer_id", "offer_id", "offer_name", "marketplace", "stage"])
    vocabulary = vocabulary or load_vocabulary()
    # A stray lead of an unknown action does not show that a storefront sells the offer.
    offers = leads.loc[~leads["is_test"] & leads["stage"].notna(), ["offer_id", "offer_name", "marketplace"]]
    offers = offers.drop_duplicates().astype(TEXT)
    offers = offers.assign(offer_id=offers["offer_id"].fillna(offers["offer_name"])).dropna(subset="offer_id")
    names = offers.groupby("offer_id")["offer_name"].first().to_dict()
    for name, storefront in _funnels(vocabulary, funnel, seen=set(offers["marketplace"].dropna())):
        funnels = build_funnels(leads, funnel=name, vocabulary=vocabulary, **options)
        sold = funnels["offer_id"].isin(_sold_through(storefront, offers))
        here = funnels[sold].reset_index(drop=True)
        here.attrs = funnels.attrs | {"sold_elsewhere": int((~sold).sum()), "offer_names": names}
        yield name, storefront, here


def _sold_through(storefront: str | None, offers: pd.DataFrame) -> np.ndarray:
    """Return the offers of a storefront, and those that no storefront names (test drives only); all for None."""
    named = offers["marketplace"].notna()
    if storefront is None:
        return offers["offer_id"].unique()
    nowhere = ~offers["offer_id"].isin(offers.loc[named, "offer_id"].unique())
    return offers.loc[(offers["marketplace"] == storefront) | nowhere, "offer_id"].unique()


def _funnels(vocabulary: Vocabulary, funnel: str | None, *, seen: set[str]) -> list[tuple[str, str | None]]:
    """Each funnel to count, with the storefront whose offers it is for: those seen, else the first of all.

    Where storefronts are seen and none has a funnel, the first of all is for every offer.
    """
    if funnel is not None:
        return [(funnel, None)]
    rows = vocabulary.funnels.dropna(subset="marketplace").drop_duplicates(["funnel", "marketplace"])
    rows = rows[rows["marketplace"].isin(seen)] if seen else rows.head(1)
    return list(zip(rows["funnel"], rows["marketplace"])) or [(str(vocabulary.funnels["funnel"].iloc[0]), None)]
