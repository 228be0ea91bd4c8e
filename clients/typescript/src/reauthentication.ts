import type { Presence } from "./generated/types.gen";
import type { Service } from "./index";
import { ReauthenticationRequired } from "./problem";

/**
 * Run an action. If it requires a recent login, ask for the password or a factor, re-authenticate, and run it again.
 *
 *     await withReauthentication(service, () => service.users.removeFactor({ path: { factor_id } }), askUser);
 *
 * `ask` receives the error, whose `factors` lists the factors of the account. It returns the body for
 * `auth.reauthenticate`, or nothing if it has called that operation itself, like a dialog that reports wrong codes.
 */
export async function withReauthentication<Result>(
  service: Service,
  action: () => Promise<Result>,
  ask: (problem: ReauthenticationRequired) => Promise<Presence | void>,
): Promise<Result> {
  try {
    return await action();
  } catch (problem) {
    if (!(problem instanceof ReauthenticationRequired)) throw problem;
    const presence = await ask(problem);
    if (presence) await service.auth.reauthenticate({ body: presence });
    return action();
  }
}
