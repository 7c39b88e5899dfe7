"""Figures that a test leaves behind are closed."""

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def no_figures():
    yield
    plt.close("all")
