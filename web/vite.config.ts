import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const GATEWAY = "http://127.0.0.1:8000";

// what the page that comes first does without: there is one field to search by, and nothing lies over it
const TYPED =
  /@mantine\/(form|core\/esm\/(components\/(Checkbox\/(?!CheckIcon)|Combobox|PasswordInput|Radio\/(?!RadioIcon)|Select|Table|Textarea)|utils\/(InlineInput|InputsGroupFieldset)))/;
const OVER =
  /node_modules\/(@mantine\/core\/esm\/components\/(Alert|Drawer|Modal|ModalBase|ScrollArea)|react-remove-scroll(-bar)?|react-style-singleton|use-sidecar|use-callback-ref)\//;

// what the frame of every page needs of single features
const FIRST =
  /\/src\/(frame\/(error-pages|places)|patients\/(patient|person)|pool\/(following|known|pool)|shortcuts\/ask)\.|@mantine\/core\/esm\/components\/Avatar\//;

// where photographs are shown, and what stands above them
const POOL =
  /node_modules\/(@tanstack\/(react-virtual|virtual-core)|attr-accept|file-selector|react-dropzone)\/|\/src\/(pool|saving|uploads)\/(?!.*(fr\.json|bulk|dialog|drawer|dragging|portions|undoable|unsaved))|\/src\/viewer\/sources\./;
const PATIENT =
  /\/src\/(consent\/(consent|words)|patients\/(banner|patient-page|sharing)|tags\/(patient-tags|tag-view))(\.|\/en)/;
const LABELS = /\/src\/tags\/(known|label|palette|tags|words)(\.|\/en)/;

// ours that several pages need, and the first one does not
const LATER = /\/src\/(api\/(together|versions)|ui\/(choice-field|fact-list|section|use-refocus))\./;

// what every page needs comes in few files: a browser asks for six at a time
const TOGETHER = [
  { name: "icons", test: /node_modules\/@tabler\//, minShareCount: 2 },
  {
    name: "core",
    test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack\/(react-query|query-core)|i18next|react-i18next|openapi-fetch|get-nonce)\//,
  },
  {
    name: "ui",
    test: (id: string) =>
      /node_modules\/(@mantine|@floating-ui|clsx|tabbable)/.test(id) && !TYPED.test(id) && !OVER.test(id),
    minShareCount: 4,
  },
  { name: "over", test: OVER, minShareCount: 2 },
  { name: "forms", test: TYPED, minShareCount: 2 },
  {
    name: "shared",
    test: (id: string) =>
      (/\/src\/(api|live|preferences|saving\/unsaved|session|ui|i18n)(\/|\.)(?!.*(fr\.(json|ts)|password))/.test(id) ||
        FIRST.test(id)) &&
      !LATER.test(id),
    minShareCount: 2,
  },
  { name: "labels", test: LABELS, minShareCount: 2 },
  { name: "patient", test: PATIENT, minShareCount: 2 },
  { name: "pool", test: POOL, minShareCount: 2 },
  { name: "later", test: LATER, minShareCount: 2 },
];

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
    // one style sheet: a page that is opened later needs none of its own
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: { output: { codeSplitting: { groups: TOGETHER } } },
  },
  server: { proxy: { "/api": GATEWAY, "/ws": { target: GATEWAY, ws: true } } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
