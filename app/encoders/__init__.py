"""Frames and words become vectors: encoder bundles, ONNX Runtime sessions, preprocessing, tokenizer."""

from app.encoders.bundle import EncoderBundle, load_bundle
from app.encoders.encoders import FrameEncoder, TextEncoder
from app.encoders.providers import ProviderChoice, choose_provider

__all__ = ["EncoderBundle", "FrameEncoder", "ProviderChoice", "TextEncoder", "choose_provider", "load_bundle"]
