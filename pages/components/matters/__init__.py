"""The lists (清单): one screen for every kind of matter, its panel, its forms."""
