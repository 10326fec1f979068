"""Qdrant as a store: clip vectors on a server choose the clips whose frames are compared here."""
