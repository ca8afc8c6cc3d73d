"""The stages strung together: the only package that knows them all."""
