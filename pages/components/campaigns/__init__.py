"""Pieces of the screen 攻坚·改革·惠民."""
