"""Print the figures: python -m benchmarks.ingest."""

from benchmarks.ingest import rows

for row in rows():
    print(f"{row['name']}  {row['value']}  against {row['anchor']}; goal {row['goal']}, {row['better']} is better")
