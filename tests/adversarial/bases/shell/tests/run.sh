#!/bin/sh
# Prints TAP; exits 1 when a test failed.
cd "$(dirname "$0")/.."
number=0
failed=0
expect() { # expect NAME WANTED COMMAND…
    name=$1 wanted=$2
    shift 2
    number=$((number + 1))
    got=$("$@" 2>&1)
    if [ "$got" = "$wanted" ]; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name: got $got"
        failed=1
    fi
}
. tests/cases.sh
echo "1..$number"
exit $failed
