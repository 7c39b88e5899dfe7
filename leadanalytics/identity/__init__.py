"""Who the customers are: which leads belong to one person, and one row per person."""

from leadanalytics.identity.collapsing import collapse_customers
from leadanalytics.identity.edges import matches
from leadanalytics.identity.explaining import customer_of, explain_customer, explain_pair
from leadanalytics.identity.explanations import Explanation
from leadanalytics.identity.identifying import identify_customers
from leadanalytics.identity.reviewing import review_matches
from leadanalytics.identity.thresholds import identify_at

__all__ = [
    "Explanation",
    "collapse_customers",
    "customer_of",
    "explain_customer",
    "explain_pair",
    "identify_at",
    "identify_customers",
    "matches",
    "review_matches",
]
