// What the hosted pages do more with JavaScript. Without it, everything but passkeys still works.
if (document.querySelector("[data-passkey], [data-removes]") || document.body.dataset.account || document.body.dataset.unknown) {
  import(`./passkeys.js${new URL(import.meta.url).search}`); // of the same version
}

// -------------------------------------------------------------------------------------------------------- show password

for (const button of document.querySelectorAll("[data-shows]")) {
  const input = document.getElementById(button.dataset.shows);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  // A password manager and the browser's history must get a password, not a text.
  input.form.addEventListener("submit", () => (input.type = "password"));
}

// -------------------------------------------------------------------------------------- the strength of a new password

const CLASSES = { upper: /\p{Lu}/u, lower: /\p{Ll}/u, digit: /\p{Nd}/u, symbol: /[^\p{L}\p{N}]/u };

/** Estimate a password from 0 to 4 by its length, its variety, and what repeats or counts up. The server decides. */
function strength(password) {
  const characters = [...password];
  const surprising = characters.filter((character, index) => {
    const step = index && character.codePointAt(0) - characters[index - 1].codePointAt(0);
    return !index || Math.abs(step) > 1;
  });
  const kinds = Object.values(CLASSES).filter((kind) => kind.test(password)).length;
  const bits = surprising.length * Math.log2(8 + 14 * kinds) * Math.min(1, new Set(characters).size / 6);
  return Math.min(4, Math.floor(bits / 17));
}

for (const input of document.querySelectorAll("[data-strength]")) {
  const box = document.getElementById(input.dataset.strength);
  const own = () =>
    [box.dataset.email, ...["email", "username"].map((name) => input.form.elements[name]?.value)]
      .filter(Boolean)
      .flatMap((text) => [text, text.split("@")[0]])
      .map((text) => text.toLowerCase());
  const show = () => {
    box.hidden = !input.value;
    box.querySelector("meter").value = strength(input.value);
    for (const item of box.querySelectorAll("[data-rule]")) {
      const { rule, minLength } = item.dataset;
      const met =
        rule === "length" ? [...input.value].length >= Number(minLength)
        : rule === "own" ? !own().includes(input.value.toLowerCase())
        : CLASSES[rule].test(input.value);
      item.classList.toggle("met", met);
    }
  };
  for (const name of ["email", "username"]) input.form.elements[name]?.addEventListener?.("input", show);
  input.addEventListener("input", show);
  show();
}

// ------------------------------------------------------------------------------------------------- codes, forms, menus

/** The value of a digit in any script: each script has ten in a row. */
function valueOf(digit) {
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0) - value - 1))) value += 1;
  return value;
}

for (const input of document.querySelectorAll("[data-digits]")) {
  const length = Number(input.dataset.digits);
  input.addEventListener("input", () => {
    const digits = (input.value.match(/\p{Nd}/gu) ?? []).slice(0, length).map(valueOf).join("");
    if (digits !== input.value) input.value = digits;
  });
}

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? form.querySelector("button:not([type=button])");
    if (button?.getAttribute("aria-busy") === "true") return event.preventDefault(); // a second click
    button?.setAttribute("aria-busy", "true");
  });
}
// A page that the browser kept for the back button waits for nothing.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

for (const select of document.querySelectorAll("[data-sends]")) {
  select.form.querySelector("button").hidden = true;
  select.addEventListener("change", () => select.form.requestSubmit());
}

// ------------------------------------------------------------------------------------------ recovery codes, time zones

for (const button of document.querySelectorAll("[data-copy], [data-print]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!button.dataset.copy) return print();
    const codes = [...document.getElementById(button.dataset.copy).children].map((item) => item.textContent.trim());
    await navigator.clipboard.writeText(codes.join("\n"));
    const told = document.querySelector("[data-copied]");
    told.textContent = told.dataset.copied;
  });
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const secure = location.protocol === "https:" ? "; Secure" : "";
if (zone && !document.cookie.split("; ").includes(`time_zone=${zone}`)) {
  document.cookie = `time_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
for (const input of document.querySelectorAll("[data-zone]")) {
  input.value ||= zone ?? "";
  const list = document.getElementById(input.getAttribute("list"));
  list.append(...Intl.supportedValuesOf("timeZone").map((name) => new Option(name, name)));
}
