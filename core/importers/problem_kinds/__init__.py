"""Every problem code with its weight and its Chinese sentence, one module per kind of file."""
