"""The models on this machine: kept, taken in from folders and archives, and made from published weights."""
