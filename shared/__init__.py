"""What at least two services use, and nothing else."""
