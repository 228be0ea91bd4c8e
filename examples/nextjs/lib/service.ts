import { Service } from "credential-client";

/** The URL at which this server reaches the service. */
export const SERVICE_URL = process.env["SERVICE_URL"] ?? "http://localhost:8000";

/** The URL of this site, as browsers see it. */
export const SITE_URL = process.env["SITE_URL"] ?? "http://localhost:3000";

/** One client serves all visitors, so it must not store tokens. Each request passes the tokens of its visitor. */
const NO_STORAGE = { getItem: () => null, setItem: () => {}, removeItem: () => {} };

export const service = new Service({ url: SERVICE_URL, storage: NO_STORAGE });

/**
 * The headers of a request to the service on behalf of a visitor.
 *
 * The service limits attempts by IP address and shows users their devices, so it needs the IP address of the browser. It
 * accepts it only from the proxies in its TRUSTED_PROXIES, to which you must add this server. client-address.ts has removed
 * from X-Forwarded-For all addresses that the visitor could forge.
 */
export function headersFor(visitor: Headers, accessToken?: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of ["X-Forwarded-For", "User-Agent"]) {
    const value = visitor.get(name);
    if (value) headers[name] = value;
  }
  if (accessToken) headers["Authorization"] = `Bearer ${accessToken}`;
  return headers;
}
