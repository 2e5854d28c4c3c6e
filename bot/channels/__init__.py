"""The platforms on which people speak: one folder or file for each, all alike to the rest."""
