"""The checkpoints that the authors of T-MASS released (Wang et al., CVPR 2024) become encoder bundles."""
