// A certified OpenID provider for the tests. It writes its issuer in one line, and ends when its input does.
// Started in the folder where it is installed; the clients come from the environment.

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const installed = createRequire(`${process.cwd()}/`).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(installed));

const accounts = new Map();
const redirect_uris = process.env.REDIRECT_URIS.split(" ");
const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: ["basic", "post"].map((way) => ({
    client_id: `client-${way}`,
    client_secret: process.env[`${way.toUpperCase()}_SECRET`],
    token_endpoint_auth_method: `client_secret_${way}`,
    redirect_uris,
  })),
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  jwks: { keys: [generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" })] },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, sub) => accounts.has(sub) && { accountId: sub, claims: () => accounts.get(sub) },
});
const protocol = provider.callback();

const page = (fields) => `<!DOCTYPE html><form method="post">${fields}<button>Continue</button></form>`;
const PAGES = { login: page('<input name="login">'), consent: page("") };

async function read(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

const FINISHED = {
  // The login is a person as JSON in base64url, who is then logged in.
  async login(_details, form) {
    const person = JSON.parse(Buffer.from(form.get("login"), "base64url"));
    accounts.set(person.sub, person);
    return { login: { accountId: person.sub } };
  },
  async consent({ prompt, params, session, grantId }) {
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(" "));
    grant.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
    return { consent: { grantId: await grant.save() } };
  },
};

async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  const { name } = details.prompt;
  if (request.method === "GET") {
    response.setHeader("Content-Type", "text/html; charset=utf-8").end(PAGES[name]);
    return;
  }
  const result = await FINISHED[name](details, await read(request));
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: name !== "login" });
}

server.on("request", (request, response) => {
  if (!request.url.startsWith("/interaction/")) return protocol(request, response);
  return interact(request, response).catch((error) => {
    response.statusCode = 400;
    response.end(String(error));
  });
});

process.stdin.resume().on("close", () => process.exit());
console.log(issuer);
