"""Attune's networks: data, composites, training, evaluation and export (see README.md)."""
