"""
The shifted coordinates of public Chinese maps: GCJ-02 (高德、腾讯) and BD-09 (百度), to and from CGCS2000.

Nothing in a file tells them from true coordinates, so they are converted only when somebody declares them. The shift
is a published approximation; it is inverted by iteration to well below 1e-7°.
"""

import numpy as np

GCJ02 = "GCJ-02"
BD09 = "BD-09"
_AXIS_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU = np.pi * 3000 / 180
_ROUNDS = 8


def to_gcj02(lonlat: np.ndarray) -> np.ndarray:
    """Return (n, 2) true longitude/latitude degrees as GCJ-02."""
    x, y = lonlat[:, 0] - 105, lonlat[:, 1] - 35
    root = np.sqrt(np.abs(x))
    common = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (common + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3))
    north += 2 / 3 * (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (common + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3))
    east += 2 / 3 * (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30))
    latitude = np.radians(lonlat[:, 1])
    w_squared = 1 - _ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY_SQUARED) / (w_squared * np.sqrt(w_squared))
    parallel = _AXIS_M / np.sqrt(w_squared) * np.cos(latitude)
    shifted: np.ndarray = lonlat + np.degrees(np.column_stack((east / parallel, north / meridian)))
    return shifted


def from_gcj02(shifted: np.ndarray) -> np.ndarray:
    """Return (n, 2) GCJ-02 degrees as true longitude/latitude."""
    guess = shifted.copy()
    for _ in range(_ROUNDS):
        guess += shifted - to_gcj02(guess)
    return guess


def to_bd09(lonlat: np.ndarray) -> np.ndarray:
    """Return (n, 2) true longitude/latitude degrees as BD-09."""
    return _gcj02_to_bd09(to_gcj02(lonlat))


def from_bd09(shifted: np.ndarray) -> np.ndarray:
    """Return (n, 2) BD-09 degrees as true longitude/latitude."""
    guess = shifted.copy()
    for _ in range(_ROUNDS):
        guess += shifted - _gcj02_to_bd09(guess)
    return from_gcj02(guess)


def _gcj02_to_bd09(lonlat: np.ndarray) -> np.ndarray:
    x, y = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU)
    return np.column_stack((radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006))
