"""RSG: what ResumeGeni's guide says of quotas, mixes, levels and books."""
