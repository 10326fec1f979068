"""What is kept of videos: the rows of folders, videos, frames and embeddings, and how scans change them."""
