"""The picture, its crop, and the prediction beside it."""
