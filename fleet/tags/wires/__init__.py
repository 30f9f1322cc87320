"""How bytes reach a printer: raw over TCP, or through the print system of this computer. Knows no row and no label."""
