"""What a model does where one is configured, and how what it says is held against what it was given."""
