"""Libraries that nothing calls are replaced by empty ones, and what only they asked for goes."""

import ctypes
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("cc") or not shutil.which("readelf"),
    reason="needs a C compiler and readelf",
)


@pytest.fixture
def stand_ins() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stand_ins", ROOT / "packaging" / "frozen" / "stand_ins.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(target: Path, source: str, *words: str | Path) -> Path:
    target.parent.mkdir(exist_ok=True)
    code = target.with_suffix(".c")
    code.write_text(source)
    command = ["cc", "-shared", "-fPIC", f"-Wl,-soname,{target.name}", code, *words, "-o", target]
    subprocess.run(command, check=True)
    code.unlink()
    return target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As PyAV's: libavformat asks for libgnutls (with versions), which asks for libgmp; libx264 stays."""
    libraries = tmp_path / "av.libs"
    gmp = build(libraries / "libgmp-1a2b.so.10", "int gmp_add(int a) { return a + 1; }\n")
    x264 = build(libraries / "libx264-3c4d.so.165", "int x264_open(void) { return 264; }\n")
    versions = tmp_path / "versions"
    versions.write_text("GNUTLS_3_4 { global: gnutls_*; local: *; };\n")
    gnutls = build(
        libraries / "libgnutls-5e6f.so.30",
        "int gmp_add(int); int gnutls_init(void) { return gmp_add(41); }\n",
        gmp, f"-Wl,--version-script={versions}",
    )  # fmt: skip
    versions.unlink()
    build(
        libraries / "libavformat-7a8b.so.62",
        "int gnutls_init(void); int x264_open(void);\n"
        "int tls_open(void) { return gnutls_init(); } int encode(void) { return x264_open(); }\n",
        gnutls, x264, "-Wl,-rpath,$ORIGIN", "-Wl,-z,now",
    )  # fmt: skip
    return tmp_path


def call(folder: Path, function: str) -> int:
    """In a process of its own: a library that was loaded stays loaded."""
    library = folder / "av.libs" / "libavformat-7a8b.so.62"
    code = f"import ctypes; print(ctypes.CDLL({str(library)!r}).{function}())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return int(done.stdout)


def test_who_asks_finds_an_empty_library_and_is_told_that_it_failed(
    folder: Path, stand_ins: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_ins.main(folder)
    assert call(folder, "tls_open") == -1
    assert call(folder, "encode") == 264
    left = sorted(path.name for path in (folder / "av.libs").iterdir())
    assert left == ["libavformat-7a8b.so.62", "libgnutls-5e6f.so.30", "libx264-3c4d.so.165"]
    assert "MiB less" in capsys.readouterr().out


def test_what_others_need_stays(folder: Path, stand_ins: ModuleType) -> None:
    gmp = folder / "av.libs" / "libgmp-1a2b.so.10"
    build(
        folder / "av.libs" / "libsrt-9c0d.so.1",
        "int gmp_add(int); int srt(void) { return gmp_add(1); }\n",
        gmp,
    )
    stand_ins.main(folder)
    assert gmp.exists()


def test_a_library_of_which_more_than_functions_is_wanted_is_not_replaced(
    folder: Path, stand_ins: ModuleType
) -> None:
    libraries = folder / "av.libs"
    offers = build(libraries / "libasound-1.so.2", "int snd_lib_error = 3;\n")
    build(
        libraries / "libavdevice-2.so.62",
        "extern int snd_lib_error; int *e(void) { return &snd_lib_error; }\n",
        offers,
    )
    before = offers.read_bytes()
    with pytest.raises(SystemExit, match="snd_lib_error"):
        stand_ins.main(folder)
    assert offers.read_bytes() == before
    assert ctypes.CDLL(str(offers)) is not None
