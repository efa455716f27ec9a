"""From characters to tokens: normalisation, the lexicon, spelling, segmentation."""
