"""Tests of loading datasets."""
