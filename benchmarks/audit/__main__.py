"""Print the figures: python -m benchmarks.audit."""

from benchmarks.audit import rows

for row in rows():
    print(f"{row['name']}  {row['value']}  goal {row['goal']}, {row['better']} is better")
