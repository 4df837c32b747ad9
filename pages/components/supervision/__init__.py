"""Pieces of the screens of supervision: head of a round, board, table, one subject, process facts."""
