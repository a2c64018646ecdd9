#!/usr/bin/env bash
# Has three programs that nobody here wrote check every resource in a folder:
#
#   tests/fhir/run.sh FOLDER
#
# First each must refuse, file by file, what it is there to catch (tests/fhir/broken): a checker
# that accepts everything shows nothing. scripts/install-test-tools installs them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?a folder of FHIR resources as JSON}

python=$here/.venv/bin/python
check() {
  case $1 in
    resources) "$python" "$here/check.py" "$2" ;;
    *) node "$here/check.cjs" "$1" "$2" ;;
  esac
}

one=$(mktemp -d)
trap 'rm -rf "$one"' EXIT
status=0
for checker in resources medplum fhir; do
  for file in "$here/broken/$checker"/*.json; do
    rm -f "$one"/*
    cp "$file" "$one"
    if check "$checker" "$one" >/dev/null 2>&1; then
      echo "$checker accepts ${file#"$here"/}, which is broken" >&2
      status=1
    fi
  done
  check "$checker" "$folder" || status=1
done

# What resources are found by, beside them: npm `fhirpath` says it by the expressions of R4.
search=$(dirname "$folder")/fhir-search
if node "$here/search.cjs" "$search" broken >/dev/null 2>&1; then
  echo "fhirpath agrees with an extraction that is broken" >&2
  status=1
fi
node "$here/search.cjs" "$search" || status=1
exit $status
