"""What runs in a container: one image, whose first argument is the role (docs/deployment.md)."""
