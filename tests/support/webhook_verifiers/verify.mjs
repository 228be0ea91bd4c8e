// Verify a signed request with the libraries that receivers use. Reads {secret, headers, body} from standard input.
import { readFileSync } from "node:fs";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf-8"));
const ids = [StandardWebhook, SvixWebhook].map((Webhook) => new Webhook(secret).verify(body, headers).id);
console.log(ids.join(" "));
