"""Pictures of the real app: ``make screenshots``."""
