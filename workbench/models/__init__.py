"""Models: features, honest training, evidence, the registry and the cold-start labeller."""
