#!/bin/sh
# Makes a virtual environment, unless a working one exists: make_venv.sh PYTHON FOLDER
# Uses PYTHON if it is 3.11 or newer, else the newest python3.N on PATH.
set -eu
wanted=$1
folder=$2

is_new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if is_new_enough "$folder/bin/python" && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
  exit 0
fi

for python in "$wanted" python3.14 python3.13 python3.12 python3.11; do
  if is_new_enough "$python"; then
    if [ "$python" != "$wanted" ]; then
      echo "$wanted is missing or older than Python 3.11. Using $python instead."
    fi
    echo "Making the virtual environment $folder with $python ..."
    if ! "$python" -m venv --clear "$folder"; then
      echo "$python cannot make a virtual environment. On Debian and Ubuntu, install the package python3-venv." >&2
      exit 1
    fi
    exit 0
  fi
done

echo "Python 3.11 or newer is needed, but neither $wanted nor python3.11 to python3.14 was found on PATH." >&2
echo "Install Python 3.11 or newer, or give its path: make PYTHON=/path/to/python ..." >&2
exit 1
