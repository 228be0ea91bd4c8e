// oauth4webapi: registration, code, refresh, and validation of the access token as a JWT (RFC 9068).
import * as oauth from "oauth4webapi";
import { ends, given, visit } from "./conversation.mjs";

const insecure = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(given.issuer);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
const metadata = {
  client_name: "Photo Editor",
  redirect_uris: [given.redirect_uri],
  token_endpoint_auth_method: "none",
  scope: "openid email offline_access",
};
const client = await oauth.processDynamicClientRegistrationResponse(
  await oauth.dynamicClientRegistrationRequest(server, metadata, insecure),
);
const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const nonce = oauth.generateRandomNonce();
const url = new URL(server.authorization_endpoint);
url.search = new URLSearchParams({
  client_id: client.client_id,
  redirect_uri: given.redirect_uri,
  response_type: "code",
  scope: "openid email offline_access",
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  resource: given.resource,
  state,
  nonce,
});
const answer = oauth.validateAuthResponse(server, client, await visit(url), state);
const authentication = oauth.None();
const response = await oauth.authorizationCodeGrantRequest(
  server, client, authentication, answer, given.redirect_uri, verifier, insecure,
);
const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
  expectedNonce: nonce,
  requireIdToken: true,
});
await oauth.validateApplicationLevelSignature(server, response, insecure);
const request = new Request(given.resource, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
const claims = await oauth.validateJwtAccessToken(server, request, given.resource, insecure);
const renewed = await oauth.processRefreshTokenResponse(
  server, client,
  await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, insecure),
);
ends({
  email: oauth.getValidatedIdTokenClaims(tokens).email,
  audience: claims.aud,
  client: claims.client_id === client.client_id,
  renewed: renewed.access_token !== tokens.access_token,
});
