"""Offers ranked by rates that a few lucky units cannot lift: each is pulled to what offers are like."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, expit, logit
from scipy.stats import beta

from leadanalytics.conversion.outcomes import outcomes_at, tally
from leadanalytics.conversion.proportions import wilson
from leadanalytics.errors import OptionError

__all__ = ["fit_beta_binomial", "rank_offers"]

# With fewer offers nothing tells how much offers differ.
_FEWEST_OFFERS = 3
_JEFFREYS = (0.5, 1.0)


def rank_offers(
    funnels: pd.DataFrame,
    *,
    by: str = "offer_id",
    step: str | int | None = None,
    top: int = 3,
    draws: int = 20_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return one row per offer, the best first: its rate, pulled to the mean the more the fewer units it has.

    The rates of offers are taken to follow a beta distribution, whose mean and strength (in units) are those under
    which what was seen is most likely (empirical Bayes). An offer with k of n then has
    shrunken = (k + mean × strength) / (n + strength). The strength is at most the number of all units, so that alike
    offers are not thought more certain than the data they share; with fewer than three offers nothing can be learned
    from the others, and Jeffreys' prior stands in (mean 1/2, strength 1).

    Parameters
    ----------
    funnels : DataFrame
        Made by `build_funnels`, the units of one funnel: rates to different steps have no common order, and
        `split_funnels` parts the funnels. Units whose window has not ended are left out; without a window the rates
        are rates so far.
    by : str
        What is ranked: the offer, or another column of the funnels.
    step : str or int, optional
        The step to reach, its label or number from 2; the last by default. Only units that entered before it count.
    top : int
        How many places count as the top.
    draws : int
        How often the rates are drawn to see who is on top; a probability of 1/2 is then known to ± 0.007.
    seed : int
        The same seed draws the same.

    Returns
    -------
    DataFrame
        rank; the offer; n, reached; rate with rate_low and rate_high (raw, Wilson, 95 %); shrunken with shrunken_low
        and shrunken_high (95 % credible interval, which takes mean and strength as known); in_top, the probability of
        being among the first `top`. An offer without known outcomes is ranked by the mean alone.

        `attrs` hold `prior` (mean, strength [units], how it was found), `top`, the definition of the funnel, and
        `base`.

    Raises
    ------
    FrameError
        When a column is missing, the frame has lost its `attrs`, or its units are of several funnels.
    OptionError
        When there is no such step, or a number is out of its range.

    References
    ----------
    D. A. Griffiths, "Maximum likelihood estimation for the beta-binomial distribution and an application to the
    household distribution of the total number of cases of a disease", Biometrics 29, 1973, 637-648.
    B. Efron, C. Morris, "Data analysis using Stein's estimator and its generalizations", Journal of the American
    Statistical Association 70, 1975, 311-319.

    Examples
    --------
    >>> entered = pd.to_datetime(["2024-06-01"] * 302, utc=True)
    >>> offers = ["crane"] * 100 + ["lift"] * 100 + ["winch"] * 100 + ["new"] * 2
    >>> depth = [2] * 40 + [1] * 60 + [2] * 20 + [1] * 80 + [2] * 10 + [1] * 90 + [2] * 2
    >>> funnels = pd.DataFrame({"offer_id": offers, "depth": depth, "entered_step": 1, "entered_at": entered})
    >>> funnels["status"] = funnels["depth"].map({2: "reached", 1: "dropped"})
    >>> funnels["Get it now"] = funnels["entered_at"].where(funnels["depth"] == 2)
    >>> funnels.attrs = {"steps": ["Test drive", "Get it now"], "window": "7 days", "as_of": "2024-06-30 00:00+00:00"}
    >>> rank_offers(funnels)[["offer_id", "n", "rate", "shrunken"]].round(2)
      offer_id    n  rate  shrunken
    0      new    2   1.0      0.42
    1    crane  100   0.4      0.39
    2     lift  100   0.2      0.21
    3    winch  100   0.1      0.11
    """
    for argument, value in (("top", top), ("draws", draws)):
        if not isinstance(value, int | np.integer) or value < 1:
            raise OptionError(f"{argument} is a number from 1", found=repr(value), next_step=f"{argument}=3")
    outcomes = outcomes_at(funnels, step)
    counts = tally(outcomes, by)
    n, reached = counts["n"].to_numpy(), counts["reached"].to_numpy()
    mean, strength, method = _prior(reached, n)
    after = (reached + mean * strength, n - reached + (1 - mean) * strength)
    low, high = wilson(reached, n)
    ranked = counts.assign(
        rate=reached / np.where(n > 0, n, np.nan),
        rate_low=low,
        rate_high=high,
        shrunken=after[0] / (n + strength),
        shrunken_low=beta.ppf(0.025, *after),
        shrunken_high=beta.ppf(0.975, *after),
        in_top=_in_top(after, top=top, draws=draws, seed=seed),
    )
    ranked = ranked.rename_axis(by).sort_values("shrunken", ascending=False, kind="stable").reset_index()
    ranked.insert(0, "rank", np.arange(1, len(ranked) + 1))
    prior = {"mean": mean, "strength": strength, "method": method}
    ranked.attrs = {**funnels.attrs, "by": [by], "step": outcomes.step, "base": outcomes.base(), "prior": prior}
    ranked.attrs["top"] = top
    return ranked


def fit_beta_binomial(reached: np.ndarray, n: np.ndarray) -> tuple[float, float]:
    """Return the mean and the strength [units] of the beta distribution under which counts are most likely.

    The strength lies between 1 and the number of all units. The same counts give the same answer: the search starts
    at several strengths and keeps the likeliest end.

    Examples
    --------
    >>> mean, strength = fit_beta_binomial(np.array([40, 20, 10]), np.array([100, 100, 100]))
    >>> round(mean, 2), round(strength)
    (0.23, 13)
    """
    most = float(n.sum())
    bounds = [(-12, 12), (0.0, np.log(most))]
    pooled = float(np.clip(logit((reached.sum() + 0.5) / (most + 1)), -12, 12))

    def unlikelihood(point: np.ndarray) -> float:
        mean, strength = expit(point[0]), np.exp(point[1])
        a, b = mean * strength, (1 - mean) * strength
        return -float((betaln(reached + a, n - reached + b) - betaln(a, b)).sum())

    starts = [np.array([pooled, share * bounds[1][1]]) for share in (0.2, 0.5, 0.9)]
    best = min((minimize(unlikelihood, start, bounds=bounds) for start in starts), key=lambda end: end.fun)
    return float(expit(best.x[0])), float(np.exp(best.x[1]))


def _prior(reached: np.ndarray, n: np.ndarray) -> tuple[float, float, str]:
    seen = n > 0
    if np.count_nonzero(seen) < _FEWEST_OFFERS:
        return *_JEFFREYS, "Jeffreys: fewer than three to learn from"
    return *fit_beta_binomial(reached[seen], n[seen]), "beta-binomial, maximum likelihood"


def _in_top(after: tuple[np.ndarray, np.ndarray], *, top: int, draws: int, seed: int) -> np.ndarray:
    """Return how often each is among the first, over draws of all rates; those that tie share the places left."""
    if len(after[0]) <= top:
        return np.ones(len(after[0]))
    rates = np.random.default_rng(seed).beta(*after, size=(draws, len(after[0])))
    last = -np.partition(-rates, top - 1, axis=1)[:, top - 1 : top]
    above, level = rates > last, rates == last
    places_left = top - above.sum(axis=1, keepdims=True)
    return (above + level * places_left / level.sum(axis=1, keepdims=True)).mean(axis=0)
