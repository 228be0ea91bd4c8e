// The TypeScript SDK of MCP: discovery, registration, code, refresh, and a call to the MCP server.
import { auth } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ends, given, visit } from "./conversation.mjs";

let information, tokens, verifier, location;
const provider = {
  redirectUrl: given.redirect_uri,
  clientMetadata: {
    client_name: "Editor",
    redirect_uris: [given.redirect_uri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  },
  clientInformation: () => information,
  saveClientInformation: (saved) => { information = saved; },
  tokens: () => tokens,
  saveTokens: (saved) => { tokens = saved; },
  saveCodeVerifier: (saved) => { verifier = saved; },
  codeVerifier: () => verifier,
  redirectToAuthorization: (url) => { location = url; },
};
const serverUrl = given.resource;
const first = await auth(provider, { serverUrl });
const back = await visit(location);
const second = await auth(provider, {
  serverUrl,
  authorizationCode: back.searchParams.get("code"),
  iss: back.searchParams.get("iss"),
});
const before = tokens.access_token;
const third = await auth(provider, { serverUrl });
const client = new Client({ name: "editor", version: "1" });
await client.connect(new StreamableHTTPClientTransport(new URL(serverUrl), { authProvider: provider }));
const called = await client.callTool({ name: "who_am_i", arguments: {} });
ends({ steps: [first, second, third], renewed: tokens.access_token !== before, text: called.content[0].text });
