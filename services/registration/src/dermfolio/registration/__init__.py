"""registration: comparison groups of photographs."""
