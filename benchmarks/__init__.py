"""How fast certificates are made, each figure beside its peers in the same run."""
