"""Provinces and communes since 1 July 2025, what they were before, and how people name them."""

from knowledge.places.finder import Finder
from knowledge.places.finding import Finding, Place, Region
from knowledge.places.gazetteer import Commune, District, Gazetteer, Province, load_gazetteer

__all__ = ["Commune", "District", "Finder", "Finding", "Gazetteer", "Place", "Province", "Region", "load_gazetteer"]
