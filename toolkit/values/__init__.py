"""The values everything else is made of: types, settings, and JSON in one canonical form."""
