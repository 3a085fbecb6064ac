"""The window around the tabs: frame, menus, start-up, closing, crash log."""
