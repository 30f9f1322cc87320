"""Several tablets lent together to a custodian at a partner's place."""
