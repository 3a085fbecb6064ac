"""The table of runs and the panel of the selected one."""
