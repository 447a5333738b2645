"""From a question to ranked procedures with a calibrated confidence."""

from knowledge.matching.match import Candidate, Facet, Match, Outcome
from knowledge.matching.matcher import Matcher

__all__ = ["Candidate", "Facet", "Match", "Matcher", "Outcome"]
