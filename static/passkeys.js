// Passkeys on the hosted pages: log in, authenticate again, and create one. Everything else works without this script.
// A page offers a passkey in an element with data-passkey; the form around it sends the answer.
const FRESH_MILLISECONDS = 240_000; // a challenge lives for five minutes
// What a page says about an error, in its language.
const MESSAGES = {
  InvalidStateError: "exists",
  NotAllowedError: "canceled",
  NotSupportedError: "unable",
  SecurityError: "elsewhere",
  TimeoutError: "late",
};
const supported = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);
const loadedAt = Date.now();

/** Return a challenge and its options: those that came with the page, or newer ones. */
async function offerOf(box) {
  box.offer ||= box.dataset.offer && { at: loadedAt, ...JSON.parse(box.dataset.offer) };
  if (box.offer && Date.now() - box.offer.at < FRESH_MILLISECONDS) return box.offer;
  if (!box.dataset.options) throw new DOMException("", "TimeoutError");
  const response = await fetch(box.dataset.options, { method: "POST", headers: { Accept: "application/json" } });
  if (response.status === 401) {
    location.reload(); // the page renews the session, or asks for a login
    return new Promise(() => {});
  }
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail);
  return (box.offer = { at: Date.now(), ...body });
}

/** Ask the authenticator, and send the form with its answer. */
async function use(box, more) {
  const { ceremony, options } = await offerOf(box);
  const credential =
    box.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), ...more });
  const form = box.closest("form");
  for (const name of ["code", "recovery_code"]) if (form.elements[name]) form.elements[name].value = "";
  form.elements.ceremony.value = ceremony;
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  box.offer = box.dataset.offer = ""; // it gets one answer
  remember(form);
  // A CAPTCHA is solved when the form is submitted as by a button.
  if (form.querySelector("[data-captcha]")) form.requestSubmit();
  else form.submit();
}

// ------------------------------------------------------------------------------------------------------------ autofill

let autofill = { abort() {}, ended: Promise.resolve() };

/** Offer passkeys in the list of the email field, with a new challenge before the old one expires. */
async function startAutofill(box) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const controller = new AbortController();
  const restart = () => stopAutofill().then(() => startAutofill(box));
  const timer = setTimeout(restart, FRESH_MILLISECONDS + 1000);
  const woken = () => document.visibilityState === "visible" && Date.now() - box.offer?.at > FRESH_MILLISECONDS && restart();
  document.addEventListener("visibilitychange", woken);
  const ended = use(box, { mediation: "conditional", signal: controller.signal })
    .catch(() => {}) // the user chose something else
    .finally(() => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", woken);
    });
  autofill = { abort: () => controller.abort(), ended };
}

const stopAutofill = () => (autofill.abort(), autofill.ended);

// ------------------------------------------------------------------------------------------------------- the elements

for (const box of supported ? document.querySelectorAll("[data-passkey]") : []) {
  const [button, status, fills] = [box.querySelector("button"), box.querySelector("[role=status]"), "autofill" in box.dataset];
  box.hidden = false;
  if (fills) startAutofill(box);
  button.addEventListener("click", async () => {
    const others = [...box.closest("form").elements].filter(({ name }) => !["code", "recovery_code"].includes(name));
    if (!others.every((field) => field.reportValidity())) return;
    status.textContent = "";
    button.disabled = true;
    try {
      await stopAutofill();
      await use(box);
    } catch (error) {
      status.textContent = box.dataset[MESSAGES[error.name]] ?? (error.name === "Error" ? error.message : box.dataset.failed);
      if (fills) startAutofill(box);
    }
    button.disabled = false;
  });
}
if (supported) for (const text of document.querySelectorAll("[data-unsupported]")) text.hidden = true;

// ------------------------------------------------------------ what the authenticator should know (WebAuthn 3, 5.1.10)

/** Keep the passkey that a form removes, until a page of the account shows that it was removed. */
function remember(form) {
  if (form.dataset.removes) sessionStorage.setItem("removed-passkey", form.dataset.removes);
}
for (const form of document.querySelectorAll("[data-removes]")) form.addEventListener("submit", () => remember(form));

const signal = (method, details) => PublicKeyCredential[method]?.(details)?.catch(() => {});
const { account, rpId, unknown } = document.body.dataset;
if (supported && unknown) signal("signalUnknownCredential", { rpId, credentialId: unknown });
if (supported && account) {
  const { name, displayName, ...accepted } = JSON.parse(account);
  const { rpId, userId, allAcceptedCredentialIds } = accepted;
  const removed = sessionStorage.getItem("removed-passkey");
  sessionStorage.removeItem("removed-passkey");
  if (removed && !allAcceptedCredentialIds.includes(removed)) signal("signalUnknownCredential", { rpId, credentialId: removed });
  if (userId) signal("signalAllAcceptedCredentials", accepted), signal("signalCurrentUserDetails", { rpId, userId, name, displayName });
}
