"""The HTTP door. In this part: whether the service lives and is ready."""
