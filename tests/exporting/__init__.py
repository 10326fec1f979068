"""Moments become files."""
