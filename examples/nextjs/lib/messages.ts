import { Problem, ReauthenticationRequired } from "credential-client";

/** The messages for users, by the code of the problem. For other codes, the message of the service is shown. */
const MESSAGES: Record<string, string | ((problem: Problem) => string)> = {
  unreachable: "The service cannot be reached. Try again in a moment.",
  unavailable: "The service is temporarily unavailable. Try again in a moment.",
  overloaded: "Many users are logging in right now. Try again in a moment.",
  rate_limited: (problem) => `Too many attempts. Wait ${duration(problem.retryAfter)}, then try again.`,
  invalid_credentials: "The email address or the password is wrong.",
  email_taken: "This email address already has an account. Log in, or reset your password.",
  email_not_verified: "Verify your email address first, with the link or the code in our email.",
  captcha_required: "We could not confirm that you are not a robot. Try again, with JavaScript.",
  account_disabled: "This account is disabled. Contact us if you think that this is a mistake.",
  invalid_token: "This link or code is wrong, expired or already used. Only the newest email counts.",
  other_device: "This browser did not request the email, so its link does not log you in here. Enter the code where you requested it.",
  reauthentication_required: (problem) => problem instanceof ReauthenticationRequired && problem.factors.length > 0 ? "Confirm that it's you: enter your password and a code, or use a passkey." : "Enter your current password to continue.",
  invalid_code: "This code is wrong, or has been used. Enter the next one.",
  invalid_credential: "This passkey could not be added. Try again.",
  mfa_required_by_policy: "Your account must have a second factor. Add another one before you remove this one.",
  weak_password: "Choose a different password.",
  validation_error: "Check the marked fields.",
  oauth_error: "The login with this provider failed. Try again.",
  link_required: "This email address already has an account. Log in to it first, then link the provider under “Login methods”.",
  last_credential: "This is the only login method of your account. Set a password first, or link another provider.",
  conflict: "This provider is already linked, to this account or to another one.",
};

export function messageFor(problem: Problem): string {
  const message = MESSAGES[problem.code] ?? problem.message;
  return typeof message === "string" ? message : message(problem);
}

function duration(seconds = 60): string {
  if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/** The messages after a redirect with `?notice=`, by key, so that links cannot make a page show other texts. */
const NOTICES: Record<string, string> = {
  code_sent: "We have sent a code to your phone. It is valid for five minutes.",
  login_expired: "This login has expired. Start again.",
  logged_out: "You have been logged out.",
  session_ended: "Your session has ended. Log in again.",
  verified: "Your email address is verified.",
  not_verified: "Your email address is not verified yet.",
  email_changed: "Your email address is changed.",
  email_restored: "Your previous email address is restored. If your password does not work, reset it.",
  password_set: "Your password is set. Log in with it.",
  sign_up_deleted: "The account is deleted. Your email address is free again.",
  secured: "Your account is secured. Log in with your password.",
  account_deleted: "Your account is deleted.",
};

/** The messages after a redirect with `?error=`. */
export function errorFor(code: string | undefined): string | undefined {
  return code && messageFor(new Problem({ status: 0, code, detail: "That did not work. Try again." }));
}

export function noticeFor(code: string | undefined): string | undefined {
  return code !== undefined && Object.hasOwn(NOTICES, code) ? NOTICES[code] : undefined;
}
