"""What the codes mean: sources, actions, stages, funnels, problems and follow-ups, as data that a user can edit."""

from leadanalytics.vocabulary.loading import Vocabulary, load_vocabulary

__all__ = ["Vocabulary", "load_vocabulary"]
