"""Moments become files: clips, stills, moving pictures, contact sheets, tables, timelines."""
