"""Moments become files: what to export, where to, and how far it is."""
