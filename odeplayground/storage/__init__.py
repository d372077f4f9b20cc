"""Files: projects with versions and migrations, presets, solutions as CSV, preferences, recovery."""
