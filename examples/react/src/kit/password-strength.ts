// The rules for new passwords, and a rough estimate of their strength. The service decides: see its settings PASSWORD_*.
import { type CharacterClass, settings } from "./settings";

export interface Rule {
  text: string;
  isMet: boolean;
}

const CLASSES: Record<CharacterClass, [text: string, pattern: RegExp]> = {
  upper: ["An uppercase letter", /\p{Lu}/u],
  lower: ["A lowercase letter", /\p{Ll}/u],
  digit: ["A digit", /\p{Nd}/u],
  symbol: ["A symbol", /[^\p{L}\p{N}]/u],
};

/** `known`: the email address and the name of the user, compared as the service does; empty if the page has neither. */
export function rulesFor(password: string, known: string[]): Rule[] {
  const { minLength, require } = settings.password;
  const names = known.flatMap((text) => [text, text.split("@")[0] ?? ""]);
  const forbidden = names.map(fold).filter((text) => text !== "");
  const rules = [
    { text: `At least ${minLength} characters`, isMet: [...password].length >= minLength },
    ...require.map((name) => ({ text: CLASSES[name][0], isMet: CLASSES[name][1].test(password) })),
  ];
  if (known.length === 0) return rules;
  const isOther = password !== "" && !forbidden.includes(fold(password));
  return [...rules, { text: "Not your email address or name", isMet: isOther }];
}

const NAMES = ["Weak", "Fair", "Good", "Strong"];
const BITS = [34, 46, 62]; // minimum bits of: fair, good, strong
const WORDS = `password passwort qwertz qwerty asdf letmein welcome login admin user iloveyou love monkey dragon
  football baseball sunshine princess master shadow secret hello spring summer autumn winter january february march
  april june july august september october november december monday friday sunday`.split(/\s+/);
const SWAPS: Record<string, string> = { "@": "a", "4": "a", "3": "e", "1": "l", "!": "i", "0": "o", $: "s", "5": "s" };

/**
 * Estimate how hard a password is to guess, from 1 to 4. A common word, a known text, a year, a run such as "1234" and
 * a repetition count little more than one character. There is no dictionary, so the estimate is rough.
 */
export function estimate(password: string, known: string[]): { level: number; name: string } {
  const isAllowed = rulesFor(password, known).every(({ isMet }) => isMet);
  const bits = bitsOf(password, known);
  const level = isAllowed ? 1 + BITS.filter((least) => bits >= least).length : 1;
  return { level, name: NAMES[level - 1]! };
}

function bitsOf(password: string, known: string[]): number {
  const plain = [...fold(password)].map((character) => SWAPS[character] ?? character).join("");
  const names = known.flatMap((text) => fold(text).split(/[^\p{L}\p{N}]+/u)).filter((text) => text.length > 2);
  let rest = fold(password).length === plain.length ? fold(password) : plain;
  let guessed = 0;
  for (const word of [...names, ...WORDS]) {
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length)) {
      rest = rest.slice(0, at) + "\0".repeat(word.length) + rest.slice(at + word.length);
      guessed += 1;
    }
  }
  rest = rest.replaceAll(/(?:19|20)\d\d/g, () => { guessed += 1; return "\0\0\0\0"; });
  const characters = [...rest].filter((character) => character !== "\0");
  const counted = characters.filter((character, index) => {
    const step = index === 0 ? NaN : character.codePointAt(0)! - characters[index - 1]!.codePointAt(0)!;
    return !(Math.abs(step) <= 1); // neither a repetition nor the next or previous character
  });
  const distinct = new Set(counted).size;
  const repeated = counted.length - distinct;
  return (distinct + Math.min(repeated, distinct * 2)) * Math.log2(alphabet(password)) + guessed * 8;
}

/** The number of candidates for each character. */
function alphabet(password: string): number {
  let size = 1;
  if (/\p{Ll}/u.test(password)) size += 26;
  if (/\p{Lu}/u.test(password)) size += 26;
  if (/\d/.test(password)) size += 10;
  if (/[^\p{L}\p{N}]/u.test(password)) size += 20;
  if (/\p{Lo}/u.test(password)) size += 200; // a script without upper and lower case, such as Arabic or Chinese
  return size;
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
