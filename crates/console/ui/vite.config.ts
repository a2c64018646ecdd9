import { defineConfig } from "vite";

// One bundle a run: `vite build --mode live` for the page of a session, `phone` for the form of
// a check-in, `triage` for its triage alone as a module, which tests hold against the server's.
export default defineConfig(({ mode }) => ({
  logLevel: "warn",
  build: {
    target: "es2022",
    emptyOutDir: false,
    copyPublicDir: false,
    lib: {
      entry: `src/${mode}.ts`,
      name: "annulus",
      formats: mode === "triage" ? ["es"] : ["iife"],
      fileName: () => (mode === "triage" ? "triage.mjs" : `${mode}.js`),
      cssFileName: mode,
    },
  },
}));
