"""How the encoder is made: developers only, never needed to run or to edit content."""
