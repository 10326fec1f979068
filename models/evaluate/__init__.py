"""Measuring scorers on cached features: tables with confidence intervals, ablations, pictures."""
