"""What a training run is made of, and the recipes that fill it in; standard library only."""
