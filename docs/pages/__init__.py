"""One module per kind of generated page; each gives the page's whole text."""
