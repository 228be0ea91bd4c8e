import type { Presence } from "./generated/types.gen";
import type { Service } from "./index";
import { ReauthenticationRequired } from "./problem";

/**
 * Run an action; if it needs a recent login, ask for the password or a factor, authenticate again, and repeat it.
 *
 *     await withReauthentication(service, () => service.users.removeFactor({ path: { factor_id } }), askUser);
 *
 * `ask` gets the error, whose `factors` say what the account has. It returns the body of `auth.reauthenticate`, or nothing
 * if it has called that itself, as a dialog does that shows a wrong code.
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
