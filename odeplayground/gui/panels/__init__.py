"""One panel per dock. Panels do not know each other; what they share is in the session."""
