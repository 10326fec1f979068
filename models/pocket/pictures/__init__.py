"""The training pictures and real clips, as records and as pixels."""
