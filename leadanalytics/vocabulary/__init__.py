"""What the codes mean and how offers are listed: tables of data that a user can edit."""

from leadanalytics.vocabulary.listings import Listings, stage_table
from leadanalytics.vocabulary.loading import Vocabulary, load_vocabulary

__all__ = ["Listings", "Vocabulary", "load_vocabulary", "stage_table"]
