"""Programs that nobody here wrote work against the running server: PyPI `fhirclient` and `fhirpy`
read, search, follow pages and write a transaction; what they are refused, they are told. PyPI `PyJWT`
signs tokens that open the services of CDS Hooks.

    python clients.py        ANNULUS_BIN names the program

The server is `annulus serve --demo`; the tokens are made on the page Programs, as an administrator
makes them.
"""

import asyncio
import datetime
import json
import time
import urllib.error
import urllib.request
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fhirclient import client as smart
from fhirclient.models import bundle as bundles
from fhirclient.models import capabilitystatement, observation, patient
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import AuthorizationError, OperationOutcome, ResourceNotFound
from house import served

LOINC = "http://loinc.org"
REGION = {"url": "urn:annulus:extension:region", "valueCode": "lumbar"}


def public(kid, key):
    """A public key as a JWK, as PyJWT writes it."""
    of_curve = isinstance(key, ec.EllipticCurvePrivateKey)
    kind = jwt.algorithms.ECAlgorithm if of_curve else jwt.algorithms.RSAAlgorithm
    return {**json.loads(kind.to_jwk(key.public_key())), "kid": kid, "use": "sig"}


def by_pyjwt(url, administrator):
    """A record system that signs its own tokens, in each way that is taken."""
    keys = {
        "ES384": ec.generate_private_key(ec.SECP384R1()),
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "RS384": rsa.generate_private_key(65537, 3072),
        "RS256": rsa.generate_private_key(65537, 2048),
    }
    issuer, until = "https://ehr.example", datetime.date.today() + datetime.timedelta(days=30)
    administrator.post(
        "/clients",
        name="A record system",
        scopes="system/cds",
        until=until.isoformat(),
        issuer=issuer,
        address=url,
        keys=json.dumps({"keys": [public(kid, key) for kid, key in keys.items()]}),
    )
    service = f"{url}/cds-services/traction-patient-view"
    call = {
        "hook": "patient-view",
        "hookInstance": str(uuid.uuid4()),
        "context": {"userId": "Practitioner/1", "patientId": "p1"},
        "prefetch": {"patient": {"resourceType": "Patient", "id": "p1"}, "orders": None},
    }

    def status(token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(service, json.dumps(call).encode(), headers)
        try:
            with urllib.request.urlopen(request) as answer:
                assert json.load(answer)["cards"] == []
                return answer.status, ""
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("WWW-Authenticate", "")

    def token(algorithm, key=None, **other):
        now = int(time.time())
        claims = {"iss": issuer, "aud": service, "iat": now, "exp": now + 300, "jti": str(uuid.uuid4()), **other}
        return jwt.encode(claims, key or keys[algorithm], algorithm=algorithm, headers={"kid": algorithm})

    for algorithm in keys:
        good = token(algorithm)
        assert status(good) == (200, ""), algorithm
        again, why = status(good)
        assert (again, "jti was used before" in why) == (401, True), why
    administrator.get("/clients")
    for wrong in [token("ES384", ec.generate_private_key(ec.SECP384R1())), token("ES384", exp=int(time.time()) + 3600)]:
        code, _ = status(wrong)
        assert code in (401, 429), code
    assert status(token("ES384"))[0] == 200, "a right one is not slowed down"
    return len(keys)


def record(number):
    """A patient, and a condition that refers to them before anybody knows their id."""
    mother = "urn:uuid:7d1b1b2e-2a52-4e0c-9a6e-6d5e1f5b0a01"
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": mother,
                "resource": {
                    "resourceType": "Patient",
                    "extension": [REGION],
                    "identifier": [{"system": "urn:example:numbers", "value": number}],
                    "name": [{"text": f"Wanda {number}"}],
                    "gender": "female",
                    "birthDate": "1971-03-04",
                },
                "request": {
                    "method": "POST",
                    "url": "Patient",
                    "ifNoneExist": f"identifier=urn:example:numbers|{number}",
                },
            },
            {
                "fullUrl": "urn:uuid:7d1b1b2e-2a52-4e0c-9a6e-6d5e1f5b0a02",
                "resource": {
                    "resourceType": "Observation",
                    "status": "final",
                    "code": {"coding": [{"system": LOINC, "code": "72514-3"}]},
                    "subject": {"reference": mother},
                    "effectiveDateTime": "2026-01-05T09:00:00Z",
                    "valueQuantity": {"value": 6, "system": "http://unitsofmeasure.org", "code": "{score}", "unit": "{score}"},
                },
                "request": {"method": "POST", "url": "Observation"},
            },
        ],
    }


def by_fhirclient(url, token):
    """The library of SMART itself: its models are strict about what they read."""
    api = smart.FHIRClient(settings={"app_id": "test", "api_base": f"{url}/fhir"})
    server = api.server
    server.session.headers["Authorization"] = f"Bearer {token}"
    declared = capabilitystatement.CapabilityStatement.read_from("metadata", server)
    assert declared.fhirVersion == "4.0.1"
    found = patient.Patient.where({"name": "ruth"}).perform_resources(server)
    assert len(found) == 1, found
    ruth = patient.Patient.read(found[0].id, server)
    assert ruth.name[0].text.startswith("Ruth")
    search = observation.Observation.where({"patient": ruth.id, "_count": "5", "_sort": "-date"})
    first = search.perform(server)
    assert len(first.entry) == 5
    pages = [first]
    while link := next((one.url for one in pages[-1].link if one.relation == "next"), None):
        pages.append(bundles.Bundle.read_from(link.removeprefix(f"{url}/fhir/"), server))
    ids = [entry.resource.id for page in pages for entry in page.entry or []]
    assert len(ids) == len(set(ids)) > 10, len(ids)
    whole = observation.Observation.where({"patient": ruth.id, "_count": "200"}).perform_resources(server)
    assert {one.id for one in whole} == set(ids)
    sent = bundles.Bundle(record("w-1"))
    answer = bundles.Bundle(server.post_json("", sent.as_json()).json())
    assert [entry.response.status[:3] for entry in answer.entry] == ["201", "201"]
    new = patient.Patient.read_from(answer.entry[0].response.location, server)
    assert new.birthDate.isostring == "1971-03-04"
    pain = observation.Observation.read_from(answer.entry[1].response.location, server)
    assert pain.subject.reference == f"Patient/{new.id}"
    again = bundles.Bundle(server.post_json("", sent.as_json()).json())
    assert again.entry[0].response.status[:3] == "200"
    assert f"Patient/{new.id}/" in again.entry[0].response.location
    everything = bundles.Bundle.read_from(f"Patient/{ruth.id}/$everything", server)
    kinds = {entry.resource.resource_type for entry in everything.entry}
    assert {"Patient", "Observation", "CarePlan"} <= kinds
    try:
        observation.Observation.where({"colour": "red"}).perform(server)
        raise AssertionError("a parameter that nobody knows was passed over")
    except Exception as error:
        assert getattr(getattr(error, "response", None), "status_code", None) == 400, error
    return len(ids)


def by_fhirpy(url, token):
    """Another library: loosely typed, with pages and references followed by itself."""
    api = SyncFHIRClient(f"{url}/fhir", authorization=f"Bearer {token}")
    ruth = api.resources("Patient").search(name="ruth").first()
    observations = api.resources("Observation").search(patient=ruth.id).limit(7).fetch_all()
    assert len(observations) > 10
    assert observations[0].subject.to_resource().id == ruth.id
    asked = {"patient": ruth.id, "_total": "accurate", "_count": 1}
    total = api.execute("Observation", method="get", params=asked)["total"]
    assert total == len(observations), (total, len(observations))
    try:
        # It asks with a parameter of another server (_totalMethod), and is told so.
        api.resources("Observation").search(patient=ruth.id).count()
        raise AssertionError("a parameter that nobody knows was passed over")
    except OperationOutcome as error:
        assert "_totalMethod" in json.dumps(error.resource), error.resource
    since = api.resources("Observation").search(patient=ruth.id, date__ge="2100").fetch_all()
    assert since == []
    sent = record("w-2")
    answer = api.execute("", method="post", data=sent)
    where = answer["entry"][0]["response"]["location"].split("/")
    written = api.reference("Patient", where[1]).to_resource()
    assert written.identifier[1].value == "w-2"
    found = api.resources("Observation").search(patient=written.id, code="urn:annulus:fact|pain_on_record").fetch_all()
    assert len(found) == 1 and found[0].valueQuantity.value == 6
    # A fault in one entry, and nothing of it is written.
    broken = record("w-3")
    broken["entry"][1]["resource"]["status"] = "nonsense"
    for code in ["status", "subject"]:
        try:
            api.execute("", method="post", data=broken)
            raise AssertionError(f"a broken record was taken: {code}")
        except OperationOutcome as error:
            assert "entry[1]" in json.dumps(error.resource), error.resource
        broken["entry"][1]["resource"].update(status="final", subject={"reference": f"Patient/{ruth.id}"})
    assert api.resources("Patient").search(identifier="urn:example:numbers|w-3").fetch_all() == []
    try:
        api.reference("Patient", "00000000-0000-4000-8000-000000000000").to_resource()
        raise AssertionError("nobody was found")
    except ResourceNotFound:
        pass
    return len(observations)


async def at_once(url, token):
    """Many readers at a time see the same."""
    api = AsyncFHIRClient(f"{url}/fhir", authorization=f"Bearer {token}")
    ask = [api.resources("Patient").search(_count="200").fetch_all() for _ in range(8)]
    counts = {len(found) for found in await asyncio.gather(*ask)}
    assert len(counts) == 1 and counts.pop() > 3


def main():
    with served() as (url, administrator):
        token = administrator.token("system/*.crs")
        one = by_fhirclient(url, token)
        two = by_fhirpy(url, token)
        asyncio.run(at_once(url, token))
        shut = SyncFHIRClient(f"{url}/fhir", authorization="Bearer wrong")
        try:
            shut.resources("Patient").search(name="ruth").fetch_all()
            raise AssertionError("a wrong token opened something")
        except AuthorizationError as error:
            assert '"code":"login"' in str(error), error
        ways = by_pyjwt(url, administrator)
    print(f"fhirclient read {one} observations, fhirpy {two}; both wrote a transaction; PyJWT signed in {ways} ways")


if __name__ == "__main__":
    main()
