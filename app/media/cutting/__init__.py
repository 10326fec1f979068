"""Parts of a video become files of their own: what runs in the cutting child, and nowhere else."""
