"""Pages of paper as pictures, whatever took them: found in the picture, cut out, set straight and upright."""
