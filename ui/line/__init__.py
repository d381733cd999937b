"""LINE: how questions come in from it, and how answers go out."""
