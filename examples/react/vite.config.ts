import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

export default defineConfig(({ mode }) => {
  const service = loadEnv(mode, process.cwd())["VITE_SERVICE_URL"] ?? "http://localhost:8000";
  return {
    plugins: [react(), policy(service)],
    // The service lets this origin in: see FRONTEND_BASE_URL.
    server: { port: 3000, strictPort: true },
    preview: { port: 3000, strictPort: true },
  };
});

/** What a built page may load and call. While developing, Vite needs more. */
function policy(service: string) {
  const content = `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src ${new URL(service).origin}; base-uri 'none'; form-action 'none'`;
  return {
    name: "content-security-policy",
    apply: "build" as const,
    transformIndexHtml: () => [{ tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content }, injectTo: "head-prepend" as const }],
  };
}
