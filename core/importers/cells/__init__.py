"""One cell → one typed value, or ``Refused`` with a problem code. Nothing here guesses."""
