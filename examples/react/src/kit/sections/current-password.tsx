import type { Problem } from "credential-client";

import { PasswordField } from "../password-field";
import { LogInAgain } from "../providers";

/** For an action that needs a recent login. The service needs the password only if the last login is too old. */
export function CurrentPassword() {
  return (
    <PasswordField
      name="password"
      label="Current password"
      autoComplete="current-password"
      hint="Leave it empty if you have no password."
    />
  );
}

/** These forms ask for the password themselves; the dialog opens only for an account with a factor. */
export const WITH_PASSWORD_FIELD = { hasPasswordField: true };

/** For users without a password: a new login with a linked provider confirms an action, too. */
export function logInAgain(problem: Problem) {
  return problem.code === "reauthentication_required" && <LogInAgain />;
}
