"""What everything on the screen is drawn with: color roles, icons, type scale, widget style."""
