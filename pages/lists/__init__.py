"""清单: problems, policies, suggestions, decision requests."""
