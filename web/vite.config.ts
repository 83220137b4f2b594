import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const GATEWAY = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  // the gateway replaces the placeholder by a nonce of its own in each answer
  html: { cspNonce: "CSP_NONCE" },
  // the checkout stays as it is: what is built lies with what else is made here
  build: {
    outDir: "../var/web",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
  server: { proxy: { "/api": GATEWAY, "/ws": { target: GATEWAY, ws: true } } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
