"""Frames and words become vectors: ONNX Runtime sessions, providers, variants, batch size, preprocessing."""
