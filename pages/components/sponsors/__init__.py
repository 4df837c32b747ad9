"""Pieces of the screen 包保领导."""
