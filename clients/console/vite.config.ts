import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where `npm run dev` finds a server; the page that a server serves asks that one.
const SERVER = "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  resolve: {
    alias: {
      "@stepwire/client": fileURLToPath(new URL("../typescript/src/index.ts", import.meta.url)),
      // A helper for tests of the forms' library asks for it, and is left out of the build.
      "@rjsf/validator-ajv8": fileURLToPath(new URL("src/lib/validator.ts", import.meta.url)),
    },
  },
  plugins: [react()],
  build: {
    outDir: "../../rpc/transports/pages/console",
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    target: "es2022",
  },
  server: { proxy: { "/rpc": { target: SERVER, ws: true }, "/v1": SERVER, "/health": SERVER } },
  test: { include: ["test/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
