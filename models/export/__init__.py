"""A torch CLIP of open_clip becomes an encoder bundle: two ONNX graphs, a tokenizer and a manifest whose
figures say how closely the program reproduces the model."""

from models.export.bundle import export_bundle, write_manifest
from models.export.parity import LOWEST_COSINE, Parity
from models.export.spec import BundleSpec, open_clip_spec
from models.export.tokenizer import BundleTokenizer, clip_tokenizer, open_clip_tokenizer

__all__ = [
    "LOWEST_COSINE",
    "BundleSpec",
    "BundleTokenizer",
    "Parity",
    "clip_tokenizer",
    "export_bundle",
    "open_clip_spec",
    "open_clip_tokenizer",
    "write_manifest",
]
