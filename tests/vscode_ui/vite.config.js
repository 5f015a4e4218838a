import { defineConfig } from "vite";

export default defineConfig({
  worker: { format: "es" },
  build: { target: "esnext", minify: false, reportCompressedSize: false, chunkSizeWarningLimit: 100_000 },
  resolve: { dedupe: ["vscode"] },
});
