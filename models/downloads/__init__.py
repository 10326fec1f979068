"""Files from the network: resumed, checked, and from nowhere else."""
