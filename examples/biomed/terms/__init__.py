"""The names of medicine: a table made of public vocabularies, and how names are found in a text."""
