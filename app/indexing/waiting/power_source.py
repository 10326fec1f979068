"""Whether the computer runs on its battery, as the system says."""

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from pathlib import Path

_SUPPLIES = Path("/sys/class/power_supply")
_BATTERIES = ("Battery", "UPS")
_KINDS = (*_BATTERIES, "Mains", "USB", "Wireless")
_ON_LINE, _OFF_LINE = 1, 0
_UTF8 = 0x08000100


def on_battery() -> bool | None:
    """Whether the computer runs on a battery now; None where the system does not say."""
    look = _SOURCES.get(sys.platform)
    try:
        return None if look is None else look()
    except (OSError, AttributeError, ValueError):
        return None


def linux_on_battery(supplies: Path = _SUPPLIES) -> bool | None:
    """By what the kernel tells of its power supplies; batteries of mice and headsets are passed over.

    Args:
        supplies: the folder in which it tells.
    """
    plugged, draining, told = False, False, False
    for supply in supplies.iterdir():
        kind = _read(supply / "type")
        if _read(supply / "scope") == "Device" or kind not in _KINDS:
            continue
        told = True
        if kind in _BATTERIES:
            draining = draining or _read(supply / "status") == "Discharging"
        else:
            plugged = plugged or _read(supply / "online") in ("1", "2")
    return draining and not plugged if told else None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


class _PowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS."""

    _fields_ = (
        ("ac_line", ctypes.c_ubyte),
        ("battery_flag", ctypes.c_ubyte),
        ("percent", ctypes.c_ubyte),
        ("saver", ctypes.c_ubyte),
        ("seconds_left", ctypes.c_uint32),
        ("seconds_full", ctypes.c_uint32),
    )


def _windows_on_battery() -> bool | None:
    status = _PowerStatus()
    windll = getattr(ctypes, "windll")  # noqa: B009 - only Windows has it
    if not windll.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
        return None
    return {_ON_LINE: False, _OFF_LINE: True}.get(status.ac_line)


def _mac_on_battery() -> bool | None:
    power = ctypes.CDLL(ctypes.util.find_library("IOKit"))
    core = ctypes.CDLL(ctypes.util.find_library("CoreFoundation"))
    power.IOPSCopyPowerSourcesInfo.restype = ctypes.c_void_p
    power.IOPSGetProvidingPowerSourceType.restype = ctypes.c_void_p
    power.IOPSGetProvidingPowerSourceType.argtypes = (ctypes.c_void_p,)
    core.CFStringGetCString.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_long, ctypes.c_uint32)
    core.CFRelease.argtypes = (ctypes.c_void_p,)
    about = power.IOPSCopyPowerSourcesInfo()
    if not about:
        return None
    try:
        kind = power.IOPSGetProvidingPowerSourceType(about)
        name = ctypes.create_string_buffer(64)
        if not kind or not core.CFStringGetCString(kind, name, len(name), _UTF8):
            return None
        return {b"AC Power": False, b"Battery Power": True, b"UPS Power": True}.get(name.value)
    finally:
        core.CFRelease(about)


_SOURCES: dict[str, Callable[[], bool | None]] = {
    "linux": linux_on_battery,
    "win32": _windows_on_battery,
    "darwin": _mac_on_battery,
}
