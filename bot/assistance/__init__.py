"""Volunteers and people in reach: teams, cases at the kitchen table, help from afar, what people thought of it."""
