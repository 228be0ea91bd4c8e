// CAPTCHAs in a browser: the proof of work of the service, and the widgets of providers.
import type { Service } from "./index";
import { CaptchaRequired } from "./problem";

/** The response of `GET /auth/captcha`: find the number for which the SHA-256 of `salt` and number is `challenge`. */
export interface CaptchaChallenge {
  algorithm: string;
  challenge: string;
  maxnumber: number;
  salt: string;
  signature: string;
}

/** The content of a `CaptchaRequired` error, with the challenge for the provider `altcha`. */
export interface Captcha {
  provider: string;
  siteKey: string | null;
  challenge?: CaptchaChallenge;
}

const BATCH = 500;
/** The script of each provider, and the global object that it creates. All three have the same `render`. */
const WIDGETS: Record<string, { script: string; name: string }> = {
  turnstile: { script: "https://challenges.cloudflare.com/turnstile/v0/api.js", name: "turnstile" },
  hcaptcha: { script: "https://js.hcaptcha.com/1/api.js", name: "hcaptcha" },
  recaptcha: { script: "https://www.google.com/recaptcha/api.js", name: "grecaptcha" },
};

/**
 * Send a request and, if the service requires a CAPTCHA, solve it and send the request again:
 *
 *     await withCaptcha(service, (captcha) => service.auth.signup({ body: { email, password, ...captcha } }));
 *
 * A proof of work needs no interaction. For a provider, a dialog shows its widget. Throws CaptchaRequired if the user cancels.
 */
export async function withCaptcha<T>(service: Service, send: (captcha: { captcha_token?: string }) => Promise<T>): Promise<T> {
  try {
    return await send({});
  } catch (problem) {
    if (!(problem instanceof CaptchaRequired)) throw problem;
    const { provider, siteKey } = problem;
    const asked = provider === "altcha" ? { challenge: await challengeOf(service) } : {};
    const token = await solveCaptcha({ provider, siteKey, ...asked }).catch(() => {
      throw problem;
    });
    return send({ captcha_token: token });
  }
}

async function challengeOf(service: Service): Promise<CaptchaChallenge> {
  return (await service.session.fetch(new Request(`${service.session.url}/auth/captcha`))).json();
}

/** Solve a CAPTCHA, and return its `captcha_token`. Throws if it is not solved, for example because the user cancels. */
export async function solveCaptcha({ provider, siteKey, challenge }: Captcha): Promise<string> {
  if (challenge) return proveWork(challenge);
  const widget = WIDGETS[provider];
  if (!widget || !siteKey) throw new Error(`The CAPTCHA provider ${provider} is unknown.`);
  return showWidget(widget, siteKey);
}

/** Hashes in the background threads of the browser, so that the page stays responsive. */
async function proveWork({ algorithm, challenge, maxnumber, salt, signature }: CaptchaChallenge): Promise<string> {
  const encoder = new TextEncoder();
  for (let first = 0; first <= maxnumber; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, maxnumber - first + 1) }, (_, index) => first + index);
    const digests = await Promise.all(numbers.map((number) => crypto.subtle.digest(algorithm, encoder.encode(salt + number))));
    const found = digests.findIndex((digest) => hex(digest) === challenge);
    if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: numbers[found], salt, signature }));
  }
  throw new Error("The challenge has no solution.");
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface Renderer {
  render(place: HTMLElement, options: { sitekey: string; callback: (token: string) => void; "error-callback": () => void }): unknown;
}

async function showWidget({ script, name }: { script: string; name: string }, siteKey: string): Promise<string> {
  const renderer = await loaded(script, name);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Confirm that you are not a robot");
  const place = document.createElement("div");
  const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel" });
  dialog.append(place, cancel);
  document.body.append(dialog);
  try {
    return await new Promise<string>((resolve, reject) => {
      const fail = () => reject(new Error("The CAPTCHA was not solved."));
      cancel.addEventListener("click", fail);
      dialog.addEventListener("close", fail);
      dialog.showModal();
      renderer.render(place, { sitekey: siteKey, callback: resolve, "error-callback": fail });
    });
  } finally {
    dialog.remove();
  }
}

/** The scripts that are loading or loaded, by URL, so that two CAPTCHAs at once share one. */
const scripts = new Map<string, Promise<Renderer>>();

function loaded(script: string, name: string): Promise<Renderer> {
  const known = scripts.get(script) ?? load(script, name);
  scripts.set(script, known);
  return known;
}

function load(script: string, name: string): Promise<Renderer> {
  const global = globalThis as unknown as Record<string, unknown>;
  if (global[name]) return Promise.resolve(global[name] as Renderer);
  return new Promise((resolve, reject) => {
    global["captchaLoaded"] = () => resolve(global[name] as Renderer);
    const element = Object.assign(document.createElement("script"), { src: `${script}?render=explicit&onload=captchaLoaded`, async: true });
    element.addEventListener("error", () => {
      scripts.delete(script); // the next attempt loads it again
      reject(new Error("The script of the CAPTCHA did not load."));
    });
    document.head.append(element);
  });
}
