"""Help inside the window: pages with pictures beside the portrait, and the sheet of keys."""
