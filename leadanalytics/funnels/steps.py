"""The steps of a funnel: taken from the vocabulary by name, or written by the caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from leadanalytics.errors import OptionError, check_option
from leadanalytics.vocabulary import Vocabulary

__all__ = ["DO_NOT_CONTACT", "Funnel", "Steps", "read_excluding", "read_steps", "serving"]

Steps = dict[str, tuple[str, ...]]
Funnel = str | Mapping[str, str | Iterable[str]] | Sequence[str | Iterable[str]]

# What excludes besides stages: the leads flagged do_not_contact, which have no stage of their own.
DO_NOT_CONTACT = "do not contact"


def read_steps(funnel: Funnel, *, vocabulary: Vocabulary, stages: Iterable[str] = ()) -> Steps:
    """Return the steps of a funnel in order: label to the stages that serve it.

    Parameters
    ----------
    funnel : str, mapping or sequence
        A funnel of the vocabulary; or label to stages; or the stages alone, where a step that any of several
        stages serves is a tuple of them. A label that comes twice is numbered: "Test drive (2)".
    vocabulary : Vocabulary
        Which funnels and stages there are.
    stages : iterable of str
        Stages that the data knows besides.

    Raises
    ------
    OptionError
        When the vocabulary lacks the funnel, no step is given, or a stage is not known.

    Examples
    --------
    >>> from leadanalytics.vocabulary import load_vocabulary
    >>> read_steps(["Test drive", ("Install", "Contact me")], vocabulary=load_vocabulary())
    {'Test drive': ('Test drive',), 'Install or Contact me': ('Install', 'Contact me')}
    """
    if isinstance(funnel, str):
        return vocabulary.steps(funnel)
    if not isinstance(funnel, Mapping | Sequence) or not funnel:
        raise OptionError(
            "funnel is a name, a sequence of stages or a mapping of labels to stages",
            found=repr(funnel),
            next_step="funnel=['Test drive', 'Get it now']",
        )
    known = _known(vocabulary, stages)
    if isinstance(funnel, Mapping):
        return {str(label): _stages(step, known) for label, step in funnel.items()}
    steps: Steps = {}
    for step in funnel:
        serving_stages = _stages(step, known)
        steps[_new_label(" or ".join(serving_stages), steps)] = serving_stages
    return steps


def read_excluding(
    excluding: str | Iterable[str], *, steps: Steps, vocabulary: Vocabulary, stages: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return what excludes: stages, or "do not contact" for the leads so flagged.

    Raises
    ------
    OptionError
        When a stage is not known, or serves a step too.

    Examples
    --------
    >>> from leadanalytics.vocabulary import load_vocabulary
    >>> read_excluding("Contact me", steps={"Tried": ("Test drive",)}, vocabulary=load_vocabulary())
    ('Contact me',)
    """
    known = [*_known(vocabulary, stages), DO_NOT_CONTACT]
    names = (excluding,) if isinstance(excluding, str) else tuple(dict.fromkeys(excluding))
    for name in names:
        check_option("a stage of excluding", name, known)
        serves = next((label for label, served_by in steps.items() if name in served_by), None)
        if serves is not None:
            raise OptionError(
                "a stage serves a step or excludes, not both",
                found=f"{name!r}, which serves the step {serves!r}",
                next_step="leave it out of excluding, or out of the funnel",
            )
    return names


def serving(steps: Steps) -> tuple[list[str], np.ndarray]:
    """Return the stages of a funnel and, as [step, stage], which of them serves which step."""
    stages = list(dict.fromkeys(stage for step in steps.values() for stage in step))
    return stages, np.array([[stage in step for stage in stages] for step in steps.values()])


def _known(vocabulary: Vocabulary, stages: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*vocabulary.stages["stage"], *stages]))


def _stages(step: str | Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    stages = (step,) if isinstance(step, str) else tuple(step)
    if not stages:
        raise OptionError("a step of a funnel names at least one stage", found="none")
    for stage in stages:
        check_option("a stage of the funnel", stage, known)
    return stages


def _new_label(label: str, taken: Collection[str]) -> str:
    times = 1
    new = label
    while new in taken:
        times += 1
        new = f"{label} ({times})"
    return new
