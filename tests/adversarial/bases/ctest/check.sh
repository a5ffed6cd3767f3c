#!/bin/sh
set -e
cmake -S . -B build >/dev/null
cmake --build build >/dev/null
ctest --test-dir build
