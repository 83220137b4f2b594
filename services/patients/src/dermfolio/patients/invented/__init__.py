"""Invented patients for evaluations and measurements. Pure: a seed and a number in, a patient with a history out."""
