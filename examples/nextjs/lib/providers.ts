import { cache } from "react";
import type { ListedProvider } from "credential-client";

import { service } from "./service";
import { asVisitor } from "./session";

/** The configured providers; none if the service cannot be reached. */
export const listProviders = cache(async (): Promise<ListedProvider[]> => {
  return service.oauth.listProviders({ headers: await asVisitor() }).catch(() => []);
});
