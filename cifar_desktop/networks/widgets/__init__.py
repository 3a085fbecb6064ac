"""The network picker."""
