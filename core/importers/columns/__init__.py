"""Which column means what: find the header, read its words, then let the values decide what words leave open."""
