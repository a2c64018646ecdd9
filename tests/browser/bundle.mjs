// A synthetic record of an invented person, as another clinic would send it.

const day = (back) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
const snomed = (code, display) => ({ coding: [{ system: "http://snomed.info/sct", code, display }] });
const loinc = (code, display) => ({ coding: [{ system: "http://loinc.org", code, display }] });
const subject = { reference: "Patient/p1" };

const measured = (code, display, value, unit, back) => ({
  resourceType: "Observation", id: `o-${code}`, status: "final", code: loinc(code, display), subject,
  effectiveDateTime: day(back), valueQuantity: { value, unit, system: "http://unitsofmeasure.org", code: unit },
});

export const bundle = (name) => JSON.stringify({
  resourceType: "Bundle", type: "collection", timestamp: new Date(Date.now() - 3_600_000).toISOString(),
  entry: [
    { resourceType: "Patient", id: "p1", name: [{ text: name }], gender: "male", birthDate: "1981-04-12",
      telecom: [{ system: "phone", value: "+1 555 0142" }] },
    { resourceType: "Condition", id: "c1", subject, recordedDate: day(40),
      clinicalStatus: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code: "active" }] },
      verificationStatus: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-ver-status", code: "confirmed" }] },
      code: snomed("128196005", "Lumbar radiculopathy") },
    measured("29463-7", "Body weight", 78, "kg", 3),
    measured("8302-2", "Body height", 179, "cm", 3),
  ].map((resource) => ({ resource })),
});
