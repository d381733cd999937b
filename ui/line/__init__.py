"""ThamKhlang in LINE: how messages come in, are answered, and what is said."""
