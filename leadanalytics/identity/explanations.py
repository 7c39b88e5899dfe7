"""What is said of some records: why they are one customer or not, readable as text and as a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from leadanalytics.identity.comparing import BITS, Compared, chance, describe, describe_keys
from leadanalytics.identity.decisions import LINK
from leadanalytics.identity.reasons import YOU_JOINED
from leadanalytics.schema import CUSTOMER_FIELDS, TEXT

Rows = list[tuple[int, int]]

LINKED, TOLD, UNEXPLAINED, NOT_LINKED = "linked", "you said so", "not by these rules", "not linked"

_SUREST = 0.9999  # no more is claimed in words: the bits are set by hand
_RECORD = ("record_id", "created_at", "stage", *CUSTOMER_FIELDS, "customer_id")
_CONTACT = ("email", "phone", "company", "title", "country")
_LINK = ("outcome", "record_id", "other_record_id", "other_customer_id", "bits", *BITS, "reason", "kept_apart_by")


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why records are one customer, or not; a notebook shows it as text, and so does `print`.

    Attributes
    ----------
    verdict : str
        What is explained, without what anybody typed.
    confidence : float
        The probability that the weakest link between the records is right; 1 where nothing was linked by evidence.
    records : DataFrame
        The records in question, the oldest first: record_id, created_at, stage, the customer fields, customer_id.
    frame : DataFrame
        The reasons, the weakest first: *outcome* ("linked"; "you said so", joined by `same`; "not by these rules",
        joined by customer_id only; or "not linked", the nearest that was not merged), *record_id*, *other_record_id*,
        *other_customer_id*, *bits*, the bits of each field (missing where keys decided), *reason* and *kept_apart_by*.
    """

    verdict: str
    confidence: float
    records: pd.DataFrame
    frame: pd.DataFrame

    @property
    def sure(self) -> str:
        """The confidence in words; empty where nothing was linked by evidence."""
        is_linked = ((self.frame["outcome"] == LINKED) & self.frame["bits"].notna()).any()
        return f"{min(self.confidence, _SUREST):.2%} sure" if is_linked else ""

    def __repr__(self) -> str:
        return f"<Explanation: {self.verdict}>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the text where somebody looks at it: in IPython and notebooks."""
        printer.text(str(self))

    def __str__(self) -> str:
        linked = self.frame[self.frame["outcome"] != NOT_LINKED]
        apart = self.frame[self.frame["outcome"] == NOT_LINKED]
        lines = [self.verdict, *map(_record_line, self.records.to_dict("records"))]
        if len(linked):
            order = ", the weakest first" if linked["bits"].notna().any() else ""
            lines.append(f"Joined by{order}{self.sure and f' ({self.sure})'}:")
            lines += map(_reason_line, linked.to_dict("records"))
        if len(apart):
            is_pair = apart["other_record_id"].isin(self.records["record_id"]).all()
            heading = "Not linked:" if is_pair else "Nearest that was not merged:"
            lines += [heading, *map(_reason_line, apart.to_dict("records"))]
        return "\n".join(lines)


def describe_as_ruled(compared: Compared, one: np.ndarray, other: np.ndarray) -> pd.DataFrame:
    """Return pairs of rows as `describe` does, by what decided: the evidence or the keys."""
    return (describe_keys if compared.rules.method == "keys" else describe)(compared, one, other)


def explain(compared: Compared, verdict: str, *, records: np.ndarray, joined: Rows, apart: Rows) -> Explanation:
    """Return what the evidence says of pairs of rows.

    Parameters
    ----------
    compared : Compared
        The leads.
    verdict : str
        What is explained.
    records : array of int
        The rows to show.
    joined, apart : list of pairs of int
        The rows that are one customer's, and those that are not.
    """
    one, other = np.array([*joined, *apart], "int64").reshape(-1, 2).T
    frame = describe_as_ruled(compared, one, other)
    is_joined = np.arange(len(frame)) < len(joined)
    is_link = is_joined & (frame["decision"] == LINK).to_numpy()
    same = {frozenset(pair) for pair in compared.record[compared.rows_of(compared.rules.same)].tolist()}
    pairs = zip(compared.record[one].tolist(), compared.record[other].tolist(), strict=True)
    is_told = is_joined & np.array([frozenset(pair) in same for pair in pairs], bool)
    codes = np.select([is_link, is_told, is_joined], [0, 1, 2], 3)
    outcome = pd.Categorical.from_codes(codes, [LINKED, TOLD, UNEXPLAINED, NOT_LINKED])
    frame.insert(0, "outcome", outcome)
    frame.loc[is_told, "kept_apart_by"] = ""
    frame.insert(3, "other_customer_id", compared.people["customer_id"].astype(TEXT).array.take(other))
    weakest = frame.loc[is_link, "bits"].min()
    order = np.lexsort([frame["bits"], ~is_joined])
    frame = frame.iloc[order].reset_index(drop=True)
    return Explanation(
        verdict=verdict,
        confidence=1.0 if np.isnan(weakest) else float(chance(weakest)),
        records=compared.people.iloc[records].reindex(columns=list(_RECORD)).reset_index(drop=True),
        frame=frame[list(_LINK)],
    )


def _record_line(record: dict[str, object]) -> str:
    known = {name: _clean(value) for name, value in record.items() if not pd.isna(value)}
    name = " ".join(known[part] for part in ("first_name", "last_name") if part in known)
    day = known.get("created_at", "")[:10]
    return "  " + "  ".join(filter(None, [known["record_id"], day, name, *map(known.get, _CONTACT)]))


def _reason_line(link: dict[str, object]) -> str:
    ends = f"{_clean(link['record_id'])} and {_clean(link['other_record_id'])}"
    why = f" ({_clean(link['kept_apart_by'])})" if link["kept_apart_by"] else ""
    bits = "" if pd.isna(link["bits"]) else f"{link['bits']:+.1f} bits  "
    told = {TOLD: f"{YOU_JOINED}: ", UNEXPLAINED: f"{UNEXPLAINED}: "}.get(str(link["outcome"]), "")
    return f"  {bits}{told}{link['reason']}{why}  [{ends}]"


def _clean(text: object) -> str:
    """Return text of strangers on one line, without control characters."""
    return "".join(character if character.isprintable() else " " for character in str(text))
