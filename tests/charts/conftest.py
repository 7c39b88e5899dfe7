import matplotlib
import pandas as pd
import pytest
from matplotlib import pyplot as plt

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def _closed_figures():
    yield
    plt.close("all")


@pytest.fixture
def counts():
    """40 took a test drive; 10 of them went on, 12 can still, 18 dropped; of the 10 one installed."""
    frame = pd.DataFrame(
        {
            "step": [1, 2, 3],
            "stage": ["Test drive", "Get it now", "Install"],
            "n": [40, 10, 1],
            "of_first": [1.0, 0.25, 0.025],
            "of_previous": [1.0, 0.25, 0.1],
            "of_previous_low": [0.91, 0.14, 0.02],
            "of_previous_high": [1.0, 0.4, 0.4],
            "open": [12, 0, 0],
            "dropped": [18, 9, 0],
            "entered": [40, 0, 0],
            "bypass": [0, 3, 1],
        }
    )
    frame.attrs = {
        "unit": ["customer_id", "offer_id"],
        "funnel": "acquisition",
        "definition": "Customers per offer who took Test drive, then Get it now, then Install, as of 2024-06-30.",
    }
    return frame
