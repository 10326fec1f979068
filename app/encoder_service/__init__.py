"""Another computer of the household encodes frames: the service there, and the encoder here that asks it."""
