#!/bin/sh
# Prints the Python that is to run Playhead, or says in one line why there is none. PYTHON names one.

wanted=${PYTHON:-}
too_old=
for candidate in ${wanted:+"$wanted"} ${wanted:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    found=$(command -v "$candidate" 2>/dev/null) || continue
    version=$("$found" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
    if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        printf '%s\n' "$found"
        exit 0
    fi
    too_old="${too_old:+$too_old, }$candidate is $version"
done
if [ -n "$wanted" ] && [ -z "$too_old" ]; then
    too_old="$wanted does not run"
fi
echo "Playhead needs Python 3.11 or newer (${too_old:-no python3 on the PATH}): install one," \
    "or name it: make run PYTHON=/path/to/python3.12" >&2
exit 1
