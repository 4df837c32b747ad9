"""清单: problems, policies, suggestions, decision requests, consultations, supervised matters."""
