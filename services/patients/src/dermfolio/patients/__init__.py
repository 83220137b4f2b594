"""patients: patient records, admissions, data keys."""
