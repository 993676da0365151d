"""What a word means in a collection: names, senses, vocabularies of models, and the concept graph."""
