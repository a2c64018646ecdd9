// Another record system: `oidc-provider`, a certified authorization server that nobody here wrote,
// in front of a published record. It runs at `localhost`, another site than the clinic's 127.0.0.1.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import Provider from "oidc-provider";

const samples = process.env.ANNULUS_SAMPLES ?? new URL("../../../shared/samples", import.meta.url).pathname;
const SCOPES = ["launch", "fhirUser", "patient/Patient.r", ...[
  "Condition", "Observation", "MedicationRequest", "MedicationStatement", "MedicationAdministration", "Procedure", "Device",
  "DeviceUseStatement", "DiagnosticReport", "ImagingStudy",
].map((kind) => `patient/${kind}.rs`)];
/** Resources a page. */
const PAGE = 40;
export const CLIENT = "annulus";

/** The resources of a published transaction, as a server gives them: references name types and ids. */
async function published(name) {
  const text = gunzipSync(await readFile(`${samples}/fhir/synthea_r4/${name}.json.gz`)).toString();
  const entries = JSON.parse(text).entry;
  const address = new Map(entries.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]));
  const server = JSON.parse(text.replace(/urn:uuid:[0-9a-f-]{36}/g, (urn) => address.get(urn) ?? urn)).entry;
  return server.map(({ resource }) => resource);
}

export class Ehr {
  /** Starts it, with one patient of the samples, for a clinic that it sends people back to. */
  static async open(clinic, name) {
    const ehr = new Ehr();
    ehr.record = await published(name);
    ehr.patient = ehr.record.find((resource) => resource.resourceType === "Patient");
    ehr.server = createServer((request, response) => ehr.answer(request, response));
    await new Promise((ready) => ehr.server.listen(0, "127.0.0.1", ready));
    ehr.url = `http://localhost:${ehr.server.address().port}`;
    ehr.clinic = clinic;
    ehr.provider = ehr.authorization();
    ehr.login = ehr.provider.callback();
    return ehr;
  }

  authorization() {
    const provider = new Provider(this.url, {
      clients: [{
        client_id: CLIENT, token_endpoint_auth_method: "none", grant_types: ["authorization_code"], response_types: ["code"],
        redirect_uris: [`${this.clinic}/launch/callback`],
      }],
      scopes: ["openid", ...SCOPES],
      claims: { openid: ["sub"], fhirUser: ["fhirUser"] },
      conformIdTokenClaims: false,
      extraParams: ["launch", "aud"],
      pkce: { required: () => true },
      cookies: { keys: ["a key of a test"] },
      findAccount: (_, id) => ({
        accountId: id, claims: () => ({ sub: id, fhirUser: `${this.url}/fhir/Practitioner/${id}` }),
      }),
    });
    // SMART adds to the token response for whom the app was opened.
    provider.use(async (context, next) => {
      await next();
      if (context.oidc?.route === "token" && context.body?.access_token) context.body.patient = this.patient.id;
    });
    return provider;
  }

  /** The page from which somebody opens Annulus. */
  chart(frame) {
    const launch = `${this.clinic}/launch?${new URLSearchParams({ iss: `${this.url}/fhir`, launch: "of-a-test" })}`;
    return `<!doctype html><html lang="en"><title>Chart</title><h1>${this.patient.name[0].family}</h1>
      <a id="annulus" href="${launch.replaceAll("&", "&amp;")}">Annulus</a>${frame ? `<iframe src="${launch.replaceAll("&", "&amp;")}"></iframe>` : ""}`;
  }

  async answer(request, response) {
    const url = new URL(request.url, this.url);
    const say = (status, body, type = "application/fhir+json") => response.writeHead(status, { "Content-Type": type }).end(body);
    if (url.pathname === "/chart") return say(200, this.chart(url.searchParams.has("frame")), "text/html");
    if (url.pathname === "/fhir/.well-known/smart-configuration") return say(200, JSON.stringify(this.configuration()), "application/json");
    if (!url.pathname.startsWith("/fhir/")) return this.login(request, response);
    const token = await this.provider.AccessToken.find((request.headers.authorization ?? "").replace("Bearer ", ""));
    if (!token) return say(401, "{}");
    const [, , kind, id] = url.pathname.split("/");
    if (!token.scope.split(" ").some((scope) => scope.startsWith(`patient/${kind}.`))) return say(403, "{}");
    if (kind === "Patient") return id === this.patient.id ? say(200, JSON.stringify(this.patient)) : say(404, "{}");
    return say(200, JSON.stringify(this.found(kind, url)));
  }

  configuration() {
    return {
      issuer: this.url, jwks_uri: `${this.url}/jwks`, authorization_endpoint: `${this.url}/auth`, token_endpoint: `${this.url}/token`,
      grant_types_supported: ["authorization_code"], code_challenge_methods_supported: ["S256"], scopes_supported: SCOPES,
      capabilities: ["launch-ehr", "client-public", "context-ehr-patient", "sso-openid-connect", "permission-v2"],
    };
  }

  found(kind, url) {
    const from = Number(url.searchParams.get("from") ?? 0);
    const mine = url.searchParams.get("patient") === this.patient.id;
    const all = mine ? this.record.filter((resource) => resource.resourceType === kind) : [];
    const next = new URL(url);
    next.searchParams.set("from", from + PAGE);
    return {
      resourceType: "Bundle", type: "searchset", total: all.length,
      link: [{ relation: "self", url: url.href }, ...(from + PAGE < all.length ? [{ relation: "next", url: next.href }] : [])],
      entry: all.slice(from, from + PAGE).map((resource) => ({ fullUrl: `${this.url}/fhir/${kind}/${resource.id}`, resource, search: { mode: "match" } })),
    };
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(closed));
  }
}
