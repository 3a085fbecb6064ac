"""The parts that the training form is made of."""
