"""Campaigns (攻坚、改革、惠民): words, structure of the task tree, clocks, roll-up, acceptance. No store, no clock."""
