"""Every file of a folder, as fhir.resources has R4B: structure, cardinality, formats, unknown members.

fhir.resources has no plain R4. Of the types that are exported R4B differs from R4 in none.
"""

import json
import pathlib
import sys

from fhir.resources.R4B import get_fhir_model_class


def fault(text: str) -> str | None:
    """What is wrong with a resource, in one line."""
    try:
        resource = json.loads(text)
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except Exception as error:  # whatever it raises is its verdict
        return " ".join(str(error).split())[:400]
    return None


def main() -> int:
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
    faults = [(file.name, fault(file.read_text("utf-8"))) for file in files]
    faults = [(name, says) for name, says in faults if says]
    for name, says in faults:
        print(f"fhir.resources: {name}: {says}", file=sys.stderr)
    print(f"fhir.resources: {len(files)} files, {len(faults)} refused")
    return 1 if faults or not files else 0


sys.exit(main())
