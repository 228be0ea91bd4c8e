import type { Tokens } from "credential-client";

import { headersFor, service } from "./service";

const running = new Map<string, Promise<Tokens>>();

/**
 * Exchange a refresh token. Parallel requests of one browser share one exchange.
 *
 * With several Next.js processes each may exchange once: within REFRESH_REUSE_GRACE_SECONDS the service gives all of
 * them the same tokens.
 */
export function refresh(refreshToken: string, visitor: Headers): Promise<Tokens> {
  const started = running.get(refreshToken);
  if (started) return started;
  const exchange = service.auth
    .refresh({ body: { refresh_token: refreshToken }, headers: headersFor(visitor) })
    .finally(() => running.delete(refreshToken));
  running.set(refreshToken, exchange);
  return exchange;
}
