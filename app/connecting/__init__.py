"""How this computer asks another one of the household: its address, its token, one HTTP client."""
