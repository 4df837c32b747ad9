"""Reconciliation (勾稽核对) of published summary tables: totals, percentages, gaps and ranks."""
