"""Which frames of a file are wanted, and decoding those alone."""
