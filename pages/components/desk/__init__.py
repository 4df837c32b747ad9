"""Pieces of the screens of daily work: milestones, monthly reports, rates."""
