"""The words of the demo city: names, kinds and small tables, no logic."""
