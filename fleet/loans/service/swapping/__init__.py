"""One tablet for another while the loan goes on."""
