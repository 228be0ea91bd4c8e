// Reduces X-Forwarded-For to the one address that can be trusted. Next.js itself passes on the value that the visitor sent,
// so a visitor could choose the IP address by which the service counts attempts.
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** BEHIND_PROXY=true: every request comes from a proxy in front, which appends the address that it saw. */
const behindProxy = process.env["BEHIND_PROXY"] === "true";

subscribe("http.server.request.start", (message) => {
  const { request } = message as { request: IncomingMessage };
  const appended = String(request.headers["x-forwarded-for"] ?? "").split(",").at(-1)?.trim();
  const seen = request.socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, "");
  const address = behindProxy ? appended : seen;
  if (address) request.headers["x-forwarded-for"] = address;
  else delete request.headers["x-forwarded-for"];
});
