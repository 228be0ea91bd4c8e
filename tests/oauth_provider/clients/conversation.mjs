// What a script tells the test that runs it, line by line: URLs to visit as a user, and at the end its result.
import { createInterface } from "node:readline";

export const given = JSON.parse(process.env.GIVEN);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Let the user visit a URL, and return the URL of the application to which the browser returns. */
export async function visit(url) {
  console.log(JSON.stringify({ visit: String(url) }));
  return new URL((await lines.next()).value);
}

/** Tell the test where this application listens, until the test ends it. */
export function listens(url) {
  console.log(JSON.stringify({ listens: url }));
}

export function ends(result) {
  console.log(JSON.stringify({ result }));
  process.exit(0);
}
