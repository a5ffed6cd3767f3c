#!/bin/sh
# greet.sh NAME [LANGUAGE]
name=${1:?a name is needed}
case ${2:-en} in
    en) echo "Hello, $name!" ;;
    de) echo "Hallo, $name!" ;;
    *) echo "greet: unknown language $2" >&2; exit 2 ;;
esac
