"""Why a rate changed between two periods: the rates of the parts, or the mix of the parts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadanalytics.conversion.outcomes import outcomes_at, read_step, tally
from leadanalytics.errors import FrameError
from leadanalytics.schema import TEXT

__all__ = ["decompose_change"]


def decompose_change(
    before: pd.DataFrame, after: pd.DataFrame, *, by: str, step: str | int | None = None
) -> pd.DataFrame:
    """Return one row per value of a breakdown: how much of a rate's change is its own rate, and how much its share.

    From two funnels frames, or two counts frames, of two periods. With the shares s and t of a value before and
    after, its rates p and q, and the mean M of the two whole rates,

        rate_effect = (q − p) (s + t) / 2        mix_effect = (t − s) ((p + q) / 2 − M)

    and the sum of all of them is the change of the whole rate. There is no interaction left over, and exchanging the
    periods exchanges the signs alone. The mix is measured from M, so that a value with a low rate that grows pulls
    the whole down. A value that one period lacks has no rate there; the other period's is taken, so that all it
    brings is mix.

    Parameters
    ----------
    before, after : DataFrame
        Made by `build_funnels`, where units whose window has not ended are left out, or by `count_stages(by=...)`,
        which counts them all; of one funnel each (`split_funnels` parts those of several).
    by : str
        A column of the breakdown. A missing value counts as "(missing)".
    step : str or int, optional
        The step to reach, its label or number from 2; the last by default.

    Returns
    -------
    DataFrame
        The value, the largest effect first; n_before, n_after, share_before, share_after, rate_before, rate_after,
        rate_effect, mix_effect, effect (their sum), and reversed: the rate of the value moved against the whole.

        `attrs` hold change, rate_effect and mix_effect of the whole, `summary`, which says them in a sentence, and
        `warning`: None, or that the parts and the whole point in opposite directions (Simpson's paradox).

    Raises
    ------
    FrameError
        When a column is missing, a period has no units, a frame has lost its `attrs` or holds several funnels.
    OptionError
        When there is no such step.

    References
    ----------
    E. M. Kitagawa, "Components of a difference between two rates", Journal of the American Statistical Association
    50, 1955, 1168-1194. R. Oaxaca, "Male-female wage differentials in urban labor markets", International Economic
    Review 14, 1973, 693-709. E. H. Simpson, "The interpretation of interaction in contingency tables", Journal of the
    Royal Statistical Society B 13, 1951, 238-241.

    Examples
    --------
    >>> def period(small, large):
    ...     counts = pd.DataFrame({"country": ["DE", "DE", "US", "US"], "step": [1, 2, 1, 2], "n": [*small, *large]})
    ...     counts.attrs["steps"] = ["Test drive", "Get it now"]
    ...     return counts
    >>> change = decompose_change(period([80, 40], [20, 2]), period([20, 12], [80, 16]), by="country")
    >>> change[["country", "rate_before", "rate_after", "rate_effect", "mix_effect"]].round(3)
      country  rate_before  rate_after  rate_effect  mix_effect
    0      DE          0.5         0.6         0.05       -0.12
    1      US          0.1         0.2         0.05       -0.12
    >>> change.attrs["summary"]
    'The rate went from 42.0 % to 28.0 % (-14.0 points): +10.0 from the rates by country, -24.0 from the mix.'
    """
    first, second = _counts(before, by, step, "before"), _counts(after, by, step, "after")
    table = first.add_suffix("_before").join(second.add_suffix("_after"), how="outer").fillna(0)
    whole = [table[f"reached_{when}"].sum() / table[f"n_{when}"].sum() for when in ("before", "after")]
    for when in ("before", "after"):
        table[f"share_{when}"] = table[f"n_{when}"] / table[f"n_{when}"].sum()
        table[f"rate_{when}"] = table[f"reached_{when}"] / table[f"n_{when}"].where(table[f"n_{when}"] > 0)
    result = _effects(table, sum(whole) / 2)
    change = whole[1] - whole[0]
    result["reversed"] = (result["rate_after"] - result["rate_before"]) * change < 0
    order = np.argsort(-result["effect"].abs().to_numpy(), kind="stable")
    result = result.iloc[order].rename_axis(by).reset_index()
    result.attrs = {**after.attrs, "by": [by], "step": read_step(after, step)[1], **_whole(result, by, whole)}
    return result


def _counts(frame: pd.DataFrame, by: str, step: str | int | None, period: str) -> pd.DataFrame:
    """Return n and reached per value of a funnels or a counts frame."""
    if {"step", "n"} <= set(frame.columns):
        counts = _of_counts(frame, by, read_step(frame, step)[0])
    else:
        counts = tally(outcomes_at(frame, step), by)
    if counts["n"].sum() == 0:
        raise FrameError(
            f"nobody has a known outcome {period}",
            next_step="build_funnels with earlier dates=... or a later as_of",
        )
    return counts[counts["n"] > 0]


def _of_counts(counts: pd.DataFrame, by: str, step: int) -> pd.DataFrame:
    if by not in counts.columns:
        raise FrameError(
            f"the counts frame has no column {by!r}",
            found=", ".join(map(str, counts.columns)),
            next_step=f"count_stages(funnels, by={by!r})",
        )
    values = counts[by].astype(TEXT).fillna("(missing)")
    at = {name: counts["n"].where(counts["step"] == number, 0) for name, number in (("n", 1), ("reached", step))}
    return pd.DataFrame(at).groupby(values).sum().astype("int64")


def _effects(table: pd.DataFrame, middle: float) -> pd.DataFrame:
    p = table["rate_before"].fillna(table["rate_after"])
    q = table["rate_after"].fillna(table["rate_before"])
    s, t = table["share_before"], table["share_after"]
    names = [f"{what}_{when}" for what in ("n", "share", "rate") for when in ("before", "after")]
    result = table[names].astype({"n_before": "int64", "n_after": "int64"})
    result["rate_effect"] = (q - p) * (s + t) / 2
    result["mix_effect"] = (t - s) * ((p + q) / 2 - middle)
    result["effect"] = result["rate_effect"] + result["mix_effect"]
    return result


def _whole(result: pd.DataFrame, by: str, rates: list[float]) -> dict[str, object]:
    """Return the effects of the whole, the sentence that says them, and the warning where they disagree."""
    change, rate, mix = rates[1] - rates[0], float(result["rate_effect"].sum()), float(result["mix_effect"].sum())
    summary = (
        f"The rate went from {rates[0]:.1%} to {rates[1]:.1%} ({change * 100:+.1f} points): "
        f"{rate * 100:+.1f} from the rates by {by.removesuffix('_id')}, {mix * 100:+.1f} from the mix."
    ).replace("%", " %")
    return {
        "change": change,
        "rate_effect": rate,
        "mix_effect": mix,
        "summary": summary,
        "warning": _warning(result, by, change, rate),
    }


def _warning(result: pd.DataFrame, by: str, change: float, rate: float) -> str | None:
    """Return what to beware of where the parts went the other way than the whole."""
    if change * rate >= 0:
        return None
    whole, parts = ("rose", "fell") if change > 0 else ("fell", "rose")
    both = result[["rate_before", "rate_after"]].notna().all(axis=1)
    how = "in every" if result.loc[both, "reversed"].all() else "on the whole within the values of"
    return f"Sign reversal (Simpson's paradox): the rate {whole}, although it {parts} {how} {by}; the mix did that."
