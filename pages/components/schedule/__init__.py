"""Pieces of the screen 倒排工期: task table, Gantt, adoption, templates."""
