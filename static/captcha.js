// The CAPTCHA of a form. Only pages that have one load this script.
const RESPONSES = '[name="cf-turnstile-response"], [name="h-captcha-response"], [name="g-recaptcha-response"]';
const LIFETIME = 4 * 60_000; // a challenge expires after five minutes
const BATCH = 500;

// -------------------------------------------------------------------------------------------------------- proof of work

/** Find the number whose hash is the challenge. The browser hashes in its own threads, so that the page stays usable. */
async function solve({ algorithm, challenge, salt, maxnumber, signature }) {
  const encoder = new TextEncoder();
  const start = parseInt(challenge.slice(0, 8), 16);
  for (let first = 0; first <= maxnumber; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, maxnumber - first + 1) }, (_, index) => first + index);
    const digests = await Promise.all(numbers.map((number) => crypto.subtle.digest(algorithm, encoder.encode(salt + number))));
    const found = digests.findIndex((digest) => new DataView(digest).getUint32(0) === start && hex(digest) === challenge);
    if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: numbers[found], salt, signature }));
  }
  throw new Error("no solution");
}

const hex = (digest) => Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function token(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!response.ok) throw new Error(String(response.status));
  return solve(await response.json());
}

/** Solve a challenge once the form is used. If it is sent before that, it waits. */
function proveWork(box, form, input) {
  const status = box.querySelector("[role=status]");
  let solving, solvedAt;
  const start = () => {
    if (solving && (!solvedAt || Date.now() - solvedAt < LIFETIME)) return solving;
    solvedAt = undefined;
    input.value = "";
    status.textContent = box.dataset.working;
    solving = token(box.dataset.challenge).then(
      (value) => {
        [input.value, solvedAt, status.textContent] = [value, Date.now(), box.dataset.done];
      },
      () => {
        [solving, status.textContent] = [undefined, box.dataset.failed];
      },
    );
    return solving;
  };
  form.addEventListener("focusin", start);
  form.addEventListener("submit", async (event) => {
    if (input.value && Date.now() - solvedAt < LIFETIME) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // pages.js marks the button as busy when the form is really sent
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") return;
    button?.setAttribute("aria-busy", "true");
    await start();
    button?.removeAttribute("aria-busy");
    if (input.value) form.requestSubmit(button);
  }, true);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return; // after the back button, the token was used
    solving = solvedAt = undefined;
    input.value = status.textContent = "";
  });
}

// ------------------------------------------------------------------------------------------------------------- the page

for (const box of document.querySelectorAll("[data-captcha]")) {
  const form = box.closest("form");
  const input = box.querySelector("[name=captcha_token]");
  if (box.dataset.captcha === "altcha") proveWork(box, form, input);
  else form.addEventListener("submit", () => (input.value = form.querySelector(RESPONSES)?.value ?? ""));
}
