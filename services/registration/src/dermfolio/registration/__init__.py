"""registration: comparisons of photographs, and how they are aligned."""
