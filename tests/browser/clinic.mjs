// A real clinic for the browser: `annulus serve --demo` and `annulus bedside`,
// each a process of its own, in a folder that is thrown away.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { chromium } from "playwright-core";

const binary = process.env.ANNULUS_BIN;
if (!binary) throw new Error("ANNULUS_BIN must name the annulus binary (make test sets it)");

// Debian's Chromium without a window, which draws the same with a third less work.
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell";
const browserFlags = [
  "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

function start(args) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  child.log = "";
  child.stderr.on("data", (chunk) => (child.log += chunk));
  return child;
}

async function firstLine(child) {
  const lines = createInterface({ input: child.stdout });
  const line = once(lines, "line").then(([line]) => line);
  const end = once(child, "exit").then(([code]) => {
    throw new Error(`annulus ended with ${code} before it was ready:\n${child.log}`);
  });
  return Promise.race([line, end]);
}

export class Clinic {
  /** Starts both processes; the table runs `speed` simulated seconds a second. */
  static async open({ speed = 10 } = {}) {
    const clinic = new Clinic();
    clinic.folder = await mkdtemp(join(tmpdir(), "annulus-browser-"));
    clinic.speed = speed;
    clinic.startBedside();
    await clinic.startServer();
    return clinic;
  }

  startBedside() {
    const at = (name) => join(this.folder, name);
    this.bedside = start(["bedside", "--simulated", "--speed", String(this.speed), "--state", at("bedside"),
      "--socket", at("bedside.sock"), "--clinic-key", at("clinic.pub")]);
  }

  async startServer(port = 0) {
    this.server = start(["serve", "--demo", "--data", this.folder, "--listen", `127.0.0.1:${port}`,
      "--bedside", join(this.folder, "bedside.sock"), "--format", "json"]);
    const ready = JSON.parse(await firstLine(this.server));
    this.url = ready.url;
    this.logins = ready.logins;
  }

  password(role) {
    const login = this.logins.find((login) => login.role === role);
    if (!login) throw new Error(`no demonstration login for ${role}`);
    return login;
  }

  async killServer() {
    this.server.kill("SIGKILL");
    await once(this.server, "exit");
  }

  /** Every chain of the journal holds, beside the running server. */
  async verifyJournal() {
    const child = start(["journal", "verify", "--data", this.folder, "--format", "json"]);
    let out = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    const [code] = await once(child, "close");
    if (code !== 0 || !JSON.parse(out).sound) throw new Error(`the journal does not verify:\n${out}${child.log}`);
  }

  async close() {
    for (const child of [this.server, this.bedside]) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

export const openBrowser = () => chromium.launch({ executablePath: browserPath, args: browserFlags });
