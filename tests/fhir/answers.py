"""What the server itself says, to three programs that nobody here wrote: its statement, pages, histories, outcomes and
what became of bundles. Records are checked by run.sh; these are the answers around them.

The server is `annulus serve --demo`, started here.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

from clients import record
from house import served

HERE = pathlib.Path(__file__).resolve().parent
WRONG = {"resourceType": "Bundle", "type": "batch", "entry": [{"request": {"method": "DELETE", "url": "Patient/1"}}]}


def ask(url, token, path, body=None):
    """The status and the resource of an answer."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
    data = body and json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/fhir{path}", data, headers)) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def gathered(url, token):
    """Answers by name, each with the status that it has to have."""
    _, found = ask(url, token, "/Patient?name=ruth")
    ruth = found["entry"][0]["resource"]["id"]
    batch = {**record("w-8"), "type": "batch"}
    asked = {
        "statement": (200, "/metadata"),
        "page": (200, f"/Observation?patient={ruth}&_include=Observation:subject&_count=5&_total=accurate"),
        "empty-page": (200, "/Observation?date=lt1800-01-01"),
        "count": (200, "/Patient?_count=0"),
        "history": (200, f"/Patient/{ruth}/_history"),
        "everything": (200, f"/Patient/{ruth}/$everything"),
        "audit": (200, f"/AuditEvent?patient={ruth}&_count=5"),
        "form": (200, "/Questionnaire?_count=1"),
        "unknown-parameter": (400, "/Patient?colour=red"),
        "unknown-type": (404, "/Spaceship/1"),
        "not-there": (404, "/Patient/00000000-0000-4000-8000-000000000000"),
        "taken": (200, "", record("w-7")),
        "taken-in-part": (200, "", batch),
        "refused": (422, "", {**record("w-9"), "entry": [*record("w-9")["entry"][:1], {"resource": {"resourceType": "Observation"}}]}),
        "refused-each": (200, "", WRONG),
        "no-bundle": (400, "", {"resourceType": "Patient"}),
    }
    for name, (status, *path) in asked.items():
        got, resource = ask(url, token, *path)
        assert got == status, (name, got, resource)
        yield name, resource


def main():
    with served() as (url, administrator), tempfile.TemporaryDirectory() as folder:
        token = administrator.token("system/*.crs")
        for name, resource in gathered(url, token):
            (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(resource))
        checks = [
            [sys.executable, HERE / "check.py", folder],
            ["node", HERE / "check.cjs", "medplum", folder],
            ["node", HERE / "check.cjs", "fhir", folder],
        ]
        refused = [check for check in checks if subprocess.run(check).returncode]
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
