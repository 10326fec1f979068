"""Frames and words become vectors: encoder bundles, ONNX Runtime sessions, preprocessing, tokenizer."""

from app.encoders.bundle import EncoderBundle, load_bundle
from app.encoders.encoders import FrameEncoder, TextEncoder

__all__ = ["EncoderBundle", "FrameEncoder", "TextEncoder", "load_bundle"]
