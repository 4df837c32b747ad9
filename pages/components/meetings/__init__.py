"""Pieces of the meeting screens: the list, the head, the agenda, the room."""
