"""What training is fed: clips, features, pseudo-videos, in batches."""
