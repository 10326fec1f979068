"""What lies in the watched folders: scanned, watched, told apart by disk."""
