"""PyPI `schemathesis` attacks the running server by its own OpenAPI document, which
`openapi-spec-validator` has to accept first. Before that, the steps that decide are compared with the
command line, and the commands of docs/api.md are run.

    python attack.py         ANNULUS_BIN names the program; ANNULUS_LONG=1 is the long form

Which checks hold where, and why not everywhere, stands in schemathesis.toml.
"""

import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from house import served
from openapi_spec_validator import OpenAPIV31SpecValidator

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Requests drawn for each door, the same each time (generation.deterministic).
EXAMPLES = 300 if os.environ.get("ANNULUS_LONG") else 20
SCOPES = "system/*.cruds system/cds system/decide"


def document(url):
    """What the server serves is what the repository shows, and OpenAPI 3.1."""
    with urllib.request.urlopen(f"{url}/api/openapi.json") as answer:
        served_now = json.load(answer)
    kept = json.loads((ROOT / "docs/schema/openapi.json").read_text())
    assert served_now == kept, "docs/schema/openapi.json is old: run `annulus schema docs/schema`"
    faults = [fault.message for fault in OpenAPIV31SpecValidator(kept).iter_errors()]
    assert not faults, faults
    broken = json.loads(json.dumps(kept))
    del broken["paths"]["/fhir/{type}"]["get"]["responses"]
    broken["paths"]["/fhir/{type}"]["get"]["parameters"][0]["in"] = "elsewhere"
    assert list(OpenAPIV31SpecValidator(broken).iter_errors()), "the validator accepts what is broken"


def post(url, token, body):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def same(url, token):
    """A step gives the bytes of the command line, and refuses with its problem."""
    bodies = [file.read_bytes() for file in sorted((ROOT / "examples").glob("*.facts.json"))]
    bodies += [b"", b"{", b'{"region": "lumbar", "at": "2026-11-22T09:00:00Z", "facts": {"pain": 3}}']
    records = pathlib.Path(os.environ.get("ANNULUS_SAMPLES", ROOT / "../shared/samples"), "fhir/synthea_r4")
    bodies += [gzip.decompress(file.read_bytes()) for file in sorted(records.glob("control_*.json.gz"))[:2]]
    compared = 0
    for step in ["evaluate", "triage", "review"]:
        for body in bodies:
            region = ["--region", "lumbar"] if b'"resourceType"' in body else []
            command = [os.environ["ANNULUS_BIN"], step, "-", "--zone", "Europe/Berlin", "--format", "json", *region]
            run = subprocess.run(command, input=body, check=False, capture_output=True)
            query = urllib.parse.urlencode({"zone": "Europe/Berlin", **({"region": "lumbar"} if region else {})})
            status, answer = post(f"{url}/api/{step}?{query}", token, body)
            if run.returncode == 0:
                assert (status, answer) == (200, run.stdout), (step, body[:200], status)
            else:
                problem, told = json.loads(run.stderr), json.loads(answer)
                assert status in (400, 422) and {name: told[name] for name in problem} == problem, (problem, told)
            compared += 1
    return compared


def ids(url, token):
    """Of some resources, as a program finds them."""
    found = []
    for kind in ["Patient", "Observation"]:
        asked = urllib.request.Request(f"{url}/fhir/{kind}?_count=10", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked) as answer:
            found += [entry["resource"]["id"] for entry in json.load(answer)["entry"]]
    return found


def attack(url, token):
    """Every check of schemathesis; whether none of them failed."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "schemathesis.toml")
        config.write_text((HERE / "schemathesis.toml").read_text().replace('"IDS"', json.dumps(ids(url, token))))
        command = [HERE / ".venv/bin/schemathesis", "--config-file", config, "run"]
        command += [f"{url}/api/openapi.json", "--max-examples", str(EXAMPLES)]
        told = {**os.environ, "ANNULUS_TOKEN": token, "PYTHONPATH": str(HERE), "SCHEMATHESIS_HOOKS": "addresses"}
        run = subprocess.run(command, env=told, cwd=folder, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.returncode, run.stdout


def shown(url, token):
    """The commands of docs/api.md, as a reader would type them."""
    page = (ROOT / "docs/api.md").read_text()
    commands = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    assert len(commands) >= 4, commands
    for command in commands:
        told = {**os.environ, "ANNULUS": url, "TOKEN": token}
        run = subprocess.run(["bash", "-euo", "pipefail", "-c", command], env=told, cwd=ROOT, check=False, capture_output=True, text=True)
        assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
    return len(commands)


def main():
    with served("--behind-proxy") as (url, administrator):
        document(url)
        token = administrator.token(SCOPES)
        compared = same(url, token)
        commands = shown(url, token)
        status, told = attack(url, token)
    if status != 0:
        sys.exit(told)
    print(f"{compared} decisions by HTTP are those of the command line; {commands} commands of docs/api.md ran")
    print(f"schemathesis found no fault: {told.strip().splitlines()[-1].strip('= ')}")


if __name__ == "__main__":
    main()
