"""What is done with moments: kept, marked, exported."""
