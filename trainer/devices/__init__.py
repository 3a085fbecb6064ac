"""Finding, testing and sharing the devices that networks run on."""
