// Passkeys in a browser: the calls of `navigator.credentials` between two operations of the service.
import type { CeremonyOptions, Confirmed, PasskeyCredential, Presence } from "./generated/types.gen";
import type { Service } from "./index";

/** A credential with the token of its ceremony, as the operations of the service take it. */
export interface PasskeyProof {
  ceremony: string;
  credential: PasskeyCredential;
}

/** Whether this browser can use passkeys and, with "conditional", offer them as autofill of an email field. */
export async function supportsPasskeys(mediation?: "conditional"): Promise<boolean> {
  const available = globalThis.PublicKeyCredential;
  if (!available?.parseRequestOptionsFromJSON) return false;
  return mediation ? Boolean(await available.isConditionalMediationAvailable?.()) : true;
}

/**
 * Ask the browser for a passkey. `begun` is the response of `auth.passkeyOptions`, `auth.secondStepOptions` or
 * `auth.reauthenticationOptions`. Throws a DOMException `NotAllowedError` if the user cancels.
 */
export async function getPasskey(begun: CeremonyOptions, options: { mediation?: "conditional"; signal?: AbortSignal } = {}): Promise<PasskeyProof> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.options as unknown as PublicKeyCredentialRequestOptionsJSON);
  return proof(begun, await navigator.credentials.get({ publicKey, ...options }));
}

/**
 * Log in with a passkey. For autofill, pass `mediation: "conditional"`, and abort it with `signal` before another request.
 * Throws MfaRequired for a security key that did not verify its user.
 */
export async function logInWithPasskey(service: Service, options: { mediation?: "conditional"; signal?: AbortSignal } = {}): Promise<void> {
  const begun = await service.auth.passkeyOptions({ signal: options.signal ?? null });
  await service.auth.logInWithPasskey({ body: await getPasskey(begun, options) });
}

/**
 * Add a passkey to the account. `presence` is only needed if the login is not recent. Throws a DOMException
 * `InvalidStateError` if this device has a passkey of the account.
 */
export async function addPasskey(service: Service, name?: string, presence: Presence = {}): Promise<Confirmed> {
  const created = await createPasskey(await service.users.newPasskeyOptions({ body: presence }));
  return service.users.addPasskey({ body: { ...created, name: name || null } });
}

/** Ask the browser to create a passkey. `begun` is the response of `users.newPasskeyOptions`. */
export async function createPasskey(begun: CeremonyOptions): Promise<PasskeyProof> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.options as unknown as PublicKeyCredentialCreationOptionsJSON);
  return proof(begun, await navigator.credentials.create({ publicKey }));
}

function proof(begun: CeremonyOptions, credential: Credential | null): PasskeyProof {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("The browser returned no passkey.", "NotAllowedError");
  return { ceremony: begun.ceremony, credential: credential.toJSON() as PasskeyCredential };
}
