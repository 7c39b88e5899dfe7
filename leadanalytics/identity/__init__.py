"""Who the customers are: which leads belong to one person, one row per person, and what may be known of them."""

from leadanalytics.identity.collapsing import collapse_customers
from leadanalytics.identity.edges import matches
from leadanalytics.identity.explaining import customer_of, explain_customer, explain_pair
from leadanalytics.identity.explanations import Explanation
from leadanalytics.identity.forgetting import everything_of, forget
from leadanalytics.identity.identifying import identify_customers
from leadanalytics.identity.index import CustomerIndex
from leadanalytics.identity.phones import standard_phones
from leadanalytics.identity.pseudonyms import pseudonymise
from leadanalytics.identity.reviewing import review_matches
from leadanalytics.identity.rules import MatchRules
from leadanalytics.identity.splink import to_splink
from leadanalytics.identity.thresholds import identify_at

__all__ = [
    "CustomerIndex",
    "Explanation",
    "MatchRules",
    "collapse_customers",
    "customer_of",
    "everything_of",
    "explain_customer",
    "explain_pair",
    "forget",
    "identify_at",
    "identify_customers",
    "matches",
    "pseudonymise",
    "review_matches",
    "standard_phones",
    "to_splink",
]
