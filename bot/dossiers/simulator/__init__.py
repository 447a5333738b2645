"""A public-service portal for demonstrations and tests, with made-up dossiers."""
