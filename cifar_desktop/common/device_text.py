"""What devices are called on screen."""

from trainer.events.command_events import DeviceTested

_KINDS = {"cpu": "CPU", "cuda": "GPU", "mps": "GPU"}


def device_name(device: DeviceTested) -> str:
    """What a device is called, with the kind it is of."""
    kind, name = _KINDS[device.device], device.title
    return name if kind in name else f"{name} ({kind})" if name else kind
