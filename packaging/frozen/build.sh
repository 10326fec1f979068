#!/bin/sh
# Makes the folder that needs no Python: sh packaging/frozen/build.sh [FOLDER]
# FOLDER (default: dist) gets reelfind/, to be started by reelfind/reelfind. What is made once (the environment,
# OpenCV's wheel) stays in FOLDER/.work for the next time. Needs Python 3.11 to 3.13, a C++ compiler, strip and the network.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
dist=${1:-$root/dist}
mkdir -p "$dist/.work/wheels"
dist=$(CDPATH='' cd -- "$dist" && pwd)
work=$dist/.work
here=$root/packaging/frozen
python=${PYTHON:-python3}

say() { printf 'build: %s\n' "$*"; }

[ -x "$work/venv/bin/python" ] || "$python" -m venv "$work/venv"
pip="$work/venv/bin/python -m pip --disable-pip-version-check --quiet"

# Of OpenCV the program uses three modules: made without the others it takes 10 MB in place of 150. Its set-up wants
# stubs for type checkers, which come with all modules only.
opencv=$(sed -n 's/^opencv-python-headless==\([0-9.]*\).*/\1/p' "$root/packaging/constraints.txt" | head -n 1)
if ! ls "$work/wheels/opencv_python_headless-$opencv"-*.whl >/dev/null 2>&1; then
    say "compiling OpenCV $opencv (some minutes, once)"
    rm -rf "$work/opencv" && mkdir "$work/opencv"
    $pip download --no-deps --no-binary opencv-python-headless --dest "$work/opencv" "opencv-python-headless==$opencv"
    tar -C "$work/opencv" -xzf "$work/opencv"/*.tar.gz
    source=$(echo "$work/opencv"/*/setup.py)
    sed -i -e 's/\[ r"python\/cv2\/py.typed" \] if .*/[]/' -e 's/^ *rearrange_cmake_output_data\["cv2.typing"\].*/        pass/' "$source"
    without=
    for part in FFMPEG GSTREAMER V4L OPENEXR JASPER OPENJPEG TIFF AVIF LAPACK ITT PROTOBUF QUIRC ADE; do
        without="$without -DWITH_$part=OFF"
    done
    CMAKE_ARGS="-DBUILD_LIST=core,imgproc,geometry,flann,imgcodecs,python3 -DCPU_DISPATCH=AVX2$without" \
        $pip wheel --no-deps --wheel-dir "$work/wheels" "$(dirname "$source")"
fi
say "installing into an environment of its own"
$pip install --constraint "$root/packaging/constraints.txt" --find-links "$work/wheels" "$root[hnsw]" "pyinstaller>=6.11,<7"
$pip install --force-reinstall --no-deps "$work/wheels/opencv_python_headless-$opencv"-*.whl

say "putting the folder together"
rm -rf "$dist/reelfind"
(cd "$root" && "$work/venv/bin/pyinstaller" --noconfirm --log-level ERROR --distpath "$dist" --workpath "$work/build" \
    "$here/reelfind.spec")

# Only what was made with symbols in it: many libraries of wheels (FFmpeg's, OpenBLAS) were rearranged, and strip would
# break them.
inside=$dist/reelfind/_internal
find "$inside" \( -name 'libpython3*' -o -name 'hnswlib*' -o -path '*/av/*.so' -o -path '*/cv2/*.so' -o -path '*/tokenizers/*.so' -o -path '*/lib-dynload/*' \
    -o -name 'libicu*.so.*' \) -type f -exec strip --strip-unneeded {} +
"$work/venv/bin/python" "$here/stand_ins.py" "$inside"
find "$inside" -xtype l -delete # names of libraries that were left out
"$work/venv/bin/python" "$here/shrink_icu.py" "$inside/PySide6/Qt/lib"
[ -x "$work/tools/bin/cyclonedx-py" ] || { "$python" -m venv "$work/tools" && "$work/tools/bin/pip" install --quiet "cyclonedx-bom>=7,<8"; }
"$work/venv/bin/python" "$here/licences.py" "$inside" "$work/tools/bin/cyclonedx-py"
say "$dist/reelfind: $(du -sm --apparent-size "$dist/reelfind" | cut -f 1) MiB"
