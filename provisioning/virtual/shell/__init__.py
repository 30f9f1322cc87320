"""The commands of a virtual tablet: a small honest sh, and what Android's programs print in each version."""
