"""Tests of the whole program: a real window, real trainers, a real web server."""
