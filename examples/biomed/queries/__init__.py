"""From a question to what is searched: concepts first, then each source's own syntax."""
