"""Screens of 指挥: headquarters, campaigns, leaders, meetings."""
