"""Where dossiers are handed in: one-stop offices and postal points, with their hours."""

from knowledge.offices.directory import Directory, State, state
from knowledge.offices.office import Kind, Office
from knowledge.offices.opening import open_directory
from knowledge.offices.sample import load_samples

__all__ = ["Directory", "Kind", "Office", "State", "load_samples", "open_directory", "state"]
