"""Tools of the repository's own checks."""
