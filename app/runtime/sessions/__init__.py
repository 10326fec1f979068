"""ONNX Runtime: its sessions, and which execution providers really run here."""
