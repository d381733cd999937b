"""Programs of others over the API, to be copied; each is run by a test."""
