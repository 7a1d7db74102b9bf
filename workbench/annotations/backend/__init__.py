"""Live pre-labels: a model backend that Label Studio asks for predictions."""
