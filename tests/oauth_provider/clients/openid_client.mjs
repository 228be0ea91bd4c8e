// openid-client: code with PAR and DPoP, refresh, introspection, revocation, device, client credentials, logout.
import * as client from "openid-client";
import { ends, given, visit } from "./conversation.mjs";

const insecure = { execute: [client.allowInsecureRequests] };
const discovered = (id, authentication) =>
  client.discovery(new URL(given.issuer), id, undefined, authentication, insecure);

const config = await discovered(given.client_id, client.ClientSecretBasic(given.client_secret));
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const expectedNonce = client.randomNonce();
const parameters = {
  redirect_uri: given.redirect_uri,
  scope: "openid profile email offline_access",
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
  state: expectedState,
  nonce: expectedNonce,
};
const url = await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
const tokens = await client.authorizationCodeGrant(config, await visit(url), checks, undefined, { DPoP });
const { sub, email } = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
const introspected = await client.tokenIntrospection(config, renewed.access_token);
await client.tokenRevocation(config, renewed.refresh_token);
const revoked = await client.tokenIntrospection(config, renewed.access_token);

const device = await discovered(given.device_client_id, client.None());
const asked = await client.initiateDeviceAuthorization(device, { scope: "openid email" });
await visit(asked.verification_uri_complete);
const deviceTokens = await client.pollDeviceAuthorizationGrant(device, asked);

const program = await client.clientCredentialsGrant(config, { resource: given.resource });
const logout = client.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: given.redirect_uri,
  state: "bye",
});
const after = await visit(logout);
ends({
  email,
  same: userinfo.email === email && deviceTokens.claims().email === email,
  type: tokens.token_type,
  active: [introspected.active, revoked.active],
  bound: Boolean(introspected.cnf.jkt),
  program: program.token_type,
  state: after.searchParams.get("state"),
});
