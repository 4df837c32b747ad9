"""Matters on the lists (清单事项): one engine for problems, policies, suggestions, requests, consultations, 督办."""
