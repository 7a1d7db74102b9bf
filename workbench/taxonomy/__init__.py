"""The taxonomy: the codebook, its Label Studio configuration, its indicator phrases."""
