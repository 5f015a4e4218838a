"""What is measured, each figure beside something measured in the same run."""
