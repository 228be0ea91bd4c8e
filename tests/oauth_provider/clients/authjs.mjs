// Auth.js, on Express: a session for who has logged in with the service.
import { ExpressAuth, getSession } from "@auth/express";
import express from "express";
import { given, listens } from "./conversation.mjs";

const config = {
  trustHost: true,
  secret: "a secret of the test, which is long enough",
  basePath: "/auth",
  providers: [
    {
      id: "service",
      name: "Service",
      type: "oidc",
      issuer: given.issuer,
      clientId: given.client_id,
      clientSecret: given.client_secret,
      checks: ["pkce", "state", "nonce"],
    },
  ],
};
const app = express();
app.use("/auth", ExpressAuth(config));
app.get("/start", (_request, response) =>
  response.send(`<form id="f" method="post" action="/auth/signin/service"></form>`));
app.get("/", async (request, response) => response.json(await getSession(request, config)));
app.listen(given.port, "localhost", () => listens(`http://localhost:${given.port}`));
