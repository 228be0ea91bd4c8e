// better-auth with its generic OAuth plugin.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { genericOAuth } from "better-auth/plugins";
import express from "express";
import { given, listens } from "./conversation.mjs";

const url = `http://localhost:${given.port}`;
const auth = betterAuth({
  baseURL: url,
  secret: "a secret of the test, which is long enough",
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  plugins: [
    genericOAuth({
      config: [
        {
          providerId: "service",
          discoveryUrl: `${given.issuer}/.well-known/openid-configuration`,
          clientId: given.client_id,
          clientSecret: given.client_secret,
          scopes: ["openid", "profile", "email"],
          pkce: true,
        },
      ],
    }),
  ],
});
const app = express();
app.all("/api/auth/{*rest}", toNodeHandler(auth));
app.get("/", async (request, response) => {
  const headers = new Headers({ cookie: request.headers.cookie ?? "" });
  response.json(await auth.api.getSession({ headers }));
});
app.listen(given.port, "localhost", () => listens(url));
