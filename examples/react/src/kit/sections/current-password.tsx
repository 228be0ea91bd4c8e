import type { Problem } from "credential-client";

import { PasswordField } from "../password-field";
import { LogInAgain } from "../providers";

/** For an action that requires a recent login. The password is required only if the last login is too old. */
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

/** These forms contain a password field, so the dialog opens only for an account with a factor. */
export const WITH_PASSWORD_FIELD = { hasPasswordField: true };

/** For users without a password, who can confirm an action with a new login at a linked provider. */
export function logInAgain(problem: Problem) {
  return problem.code === "reauthentication_required" && <LogInAgain />;
}
