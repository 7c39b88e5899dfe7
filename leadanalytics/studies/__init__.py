"""Questions that say the whole sentence several times: sensitivities, replays, explanations across the wings."""

from leadanalytics.studies.explaining import explain_funnel
from leadanalytics.studies.following_up import follow_up_list
from leadanalytics.studies.funnel_explanation import FunnelExplanation
from leadanalytics.studies.replaying import replay_nowcasts
from leadanalytics.studies.sensitivity import definition_sensitivity, identity_sensitivity
from leadanalytics.studies.trends import adjusted_trend

__all__ = [
    "FunnelExplanation",
    "adjusted_trend",
    "definition_sensitivity",
    "explain_funnel",
    "follow_up_list",
    "identity_sensitivity",
    "replay_nowcasts",
]
