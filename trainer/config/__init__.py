"""The settings of a training run, and the recipes that fill them in; imports nothing heavy."""
