import { Problem } from "credential-client";

const SERVICE = process.env["SERVICE_URL"] ?? "http://localhost:8000";

/** One call of the service from this server. Throws a Problem. */
export async function call<Answer>(method: string, path: string, options: { body?: object; token?: string | undefined; from?: Headers | undefined } = {}): Promise<Answer> {
  const headers = new Headers({ "Content-Type": "application/json" });
  if (options.token) headers.set("Authorization", `Bearer ${options.token}`);
  // The service counts attempts by address and shows people their devices: tell it whose browser this is. It believes
  // that of the addresses in its TRUSTED_PROXIES alone, so put this server's there. client-address.ts leaves in
  // X-Forwarded-For nothing that the visitor wrote.
  for (const name of ["X-Forwarded-For", "User-Agent"]) if (options.from?.has(name)) headers.set(name, options.from.get(name)!);
  const response = await fetch(SERVICE + path, { method, headers, cache: "no-store", body: options.body ? JSON.stringify(options.body) : null }).catch(() => {
    throw Problem.unreachable();
  });
  if (!response.ok) throw await Problem.of(response);
  return response.status === 204 ? (undefined as Answer) : response.json();
}
