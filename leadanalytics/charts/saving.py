"""Charts as files: the same chart gives the same bytes, and a file is never half written."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from leadanalytics.charts.describing import describe_chart
from leadanalytics.charts.figures import Chart, figure_of
from leadanalytics.charts.style import house_style
from leadanalytics.errors import WriteError
from leadanalytics.replacing import replacing

# What each format notes beside the picture, emptied so that the bytes do not tell when or with what it was made.
METADATA: Mapping[str, Mapping[str, str | None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
}
# Where each format keeps what the picture shows: screen readers say the title of an SVG.
DESCRIPTION = {".png": "Description", ".svg": "Title"}


def save_chart(chart: Chart, path: str | Path) -> Path:
    """Return the path of a PNG or SVG file that holds the figure of a chart, and what it shows in words.

    Parameters
    ----------
    chart : Figure, Axes or array of Axes
        What `plot_stages` or `plot_stages_by` returned, or the figure itself.
    path : path
        Its suffix, .png or .svg, is the format. Missing folders are made; a file of that name is replaced in one step.

    Raises
    ------
    WriteError
        When the suffix is another, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from matplotlib.figure import Figure
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_chart(Figure(), Path(folder) / "funnel.svg").name
    'funnel.svg'
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in METADATA:
        raise WriteError(
            "a chart is saved as .png or .svg",
            found=f"{path.name!r}",
            next_step=f"save_chart(chart, {path.with_suffix('.png').name!r})",
        )
    metadata = {**METADATA[suffix], DESCRIPTION[suffix]: describe_chart(figure_of(chart))}
    image = io.BytesIO()
    with house_style():
        # The whole figure with every label, even where a caller's figure is too small for them.
        figure_of(chart).savefig(image, format=suffix[1:], metadata=metadata, bbox_inches="tight", pad_inches=0.12)
    with replacing(path) as (part,):
        part.write_bytes(image.getvalue())
    return path
