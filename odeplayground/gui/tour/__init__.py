"""A tour through the window that waits for a person to do each step."""
