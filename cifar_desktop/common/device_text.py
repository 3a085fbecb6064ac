"""Names of devices on screen."""

from trainer.events.command_events import DeviceTested

_KINDS = {"cpu": "CPU", "cuda": "GPU", "mps": "GPU"}


def device_name(device: DeviceTested) -> str:
    """The name of a device, with its kind."""
    kind, name = _KINDS[device.device], device.title
    return name if kind in name else f"{name} ({kind})" if name else kind
