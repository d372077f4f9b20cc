"""Pictures, tables, animations and programs from what the window shows."""
