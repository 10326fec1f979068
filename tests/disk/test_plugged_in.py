"""Disks beside the system's own are told from the table of mounts."""

from pathlib import Path

from app.disk.plugged_in import _of_mounts, plugged_in

TABLE = b"""\
/dev/sda2 / ext4 rw 0 0
proc /proc proc rw 0 0
/dev/sdb1 /media/eva/My\\040Disk exfat rw 0 0
nas:/films /mnt/films nfs4 rw 0 0
/dev/sdc1 /run/media/eva/caf\xe9 vfat rw 0 0
/dev/sda1 /boot/efi vfat rw 0 0
broken
"""


def test_what_people_plug_in_is_found_whatever_its_name() -> None:
    found = _of_mounts(TABLE)
    assert [path.name for path in found] == ["My Disk", "films", "caf\udce9"]


def test_it_can_be_asked_for_anywhere() -> None:
    assert all(isinstance(path, Path) for path in plugged_in())
