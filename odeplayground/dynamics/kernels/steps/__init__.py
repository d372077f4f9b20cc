"""One step of each kind of method, written for all lanes at once."""
