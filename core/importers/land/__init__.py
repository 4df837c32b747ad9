"""Plots of land and county boundaries from the files that land bureaus and surveyors send."""
