"""What `seed` fills an evaluation with: a clinic of several sites, its people, their photographs."""
