"""Schedules from planning software: MS Project XML, Primavera XER and Primavera XML, read into one shape."""
