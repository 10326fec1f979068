"""A query becomes ranked moments: candidates, scoring, calibration, moments."""
