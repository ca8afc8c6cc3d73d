"""A first project for a file: what the file is, what its columns mean, what must be asked, and what is written."""
