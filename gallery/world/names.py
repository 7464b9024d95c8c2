"""Names that both the world and addresses of its pages need."""

LONG_KEY = f"ذاكرة:{'a-name-that-never-ends-' * 12}"
