// Passkeys in a browser: calls `navigator.credentials` between two requests to the service.
import type { CeremonyOptions, Confirmed, PasskeyCredential, Presence } from "./generated/types.gen";
import type { Service } from "./index";

/** A credential and the token of its ceremony, as the operations of the service accept them. */
export interface PasskeyProof {
  ceremony: string;
  credential: PasskeyCredential;
}

/** Whether this browser supports passkeys and, with "conditional", offers them in the autofill of an email field. */
export async function supportsPasskeys(mediation?: "conditional"): Promise<boolean> {
  const available = globalThis.PublicKeyCredential;
  if (!available?.parseRequestOptionsFromJSON) return false;
  return mediation ? Boolean(await available.isConditionalMediationAvailable?.()) : true;
}

/**
 * Ask the browser for a passkey. `ceremony` is the response of `auth.passkeyOptions`, `auth.secondStepOptions` or
 * `auth.reauthenticationOptions`. Throws a DOMException `NotAllowedError` if the user cancels.
 */
export async function getPasskey(ceremony: CeremonyOptions, options: { mediation?: "conditional"; signal?: AbortSignal } = {}): Promise<PasskeyProof> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(ceremony.options as unknown as PublicKeyCredentialRequestOptionsJSON);
  return proof(ceremony, await navigator.credentials.get({ publicKey, ...options }));
}

/**
 * Log in with a passkey. For autofill, pass `mediation: "conditional"`, and abort that request with `signal` before you
 * start another one. Throws MfaRequired if a security key did not verify the user.
 */
export async function logInWithPasskey(service: Service, options: { mediation?: "conditional"; signal?: AbortSignal } = {}): Promise<void> {
  const ceremony = await service.auth.passkeyOptions({ signal: options.signal ?? null });
  await service.auth.logInWithPasskey({ body: await getPasskey(ceremony, options) });
}

/**
 * Add a passkey to the account. `presence` is needed only if the login is not recent. Throws a DOMException
 * `InvalidStateError` if this device already has a passkey for the account.
 */
export async function addPasskey(service: Service, name?: string, presence: Presence = {}): Promise<Confirmed> {
  const created = await createPasskey(await service.users.newPasskeyOptions({ body: presence }));
  return service.users.addPasskey({ body: { ...created, name: name || null } });
}

/** Ask the browser to create a passkey. `ceremony` is the response of `users.newPasskeyOptions`. */
export async function createPasskey(ceremony: CeremonyOptions): Promise<PasskeyProof> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(ceremony.options as unknown as PublicKeyCredentialCreationOptionsJSON);
  return proof(ceremony, await navigator.credentials.create({ publicKey }));
}

function proof({ ceremony }: CeremonyOptions, credential: Credential | null): PasskeyProof {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("The browser returned no passkey.", "NotAllowedError");
  return { ceremony, credential: credential.toJSON() as PasskeyCredential };
}
