// The error messages for users. Translate or change them here.
import { Problem, ReauthenticationRequired } from "credential-client";

type Sentence = string | ((problem: Problem) => string);

/** By the code of the problem. For other codes, the message of the service is shown. */
const SENTENCES: Record<string, Sentence> = {
  unreachable: "We cannot reach the service. Check your connection and try again; what you typed is still here.",
  unavailable: "The service is temporarily unavailable. Try again in a moment; what you typed is still here.",
  overloaded: "Many users are logging in right now. Try again in a moment; what you typed is still here.",
  rate_limited: (problem) => `Too many attempts. Wait ${inWords(problem.retryAfter)}, then try again.`,
  invalid_credentials: "The email address or the password is wrong.",
  email_taken: "This email address already has an account. Log in, or reset your password.",
  email_not_verified: "Verify your email address first, with the link or the code in our email.",
  captcha_required: "We could not confirm that you are not a robot. Try again.",
  account_disabled: "This account is disabled. Contact us if you think that this is a mistake.",
  invalid_token: "This link or code is wrong, expired or already used. Only the newest email counts.",
  other_device: "This browser did not request the email, so its link does not log you in here.",
  invalid_refresh_token: "Your session has ended. Log in again.",
  not_authenticated: "Your session has ended. Log in again.",
  reauthentication_required: (problem) =>
    problem instanceof ReauthenticationRequired && problem.factors.length > 0
      ? "Confirm that it's you: enter your password and a code, or use a passkey."
      : "Enter your current password to continue.",
  invalid_code: "This code is wrong, or has been used. Enter the next one.",
  invalid_credential: "This passkey could not be added. Try again.",
  mfa_required_by_policy: "Your account must have a second factor. Add another one before you remove this one.",
  mfa_enrolment_required: "Set up a second factor first.",
  weak_password: "Choose a different password.",
  validation_error: "Check the marked fields.",
  oauth_error: "The login with this provider failed. Try again.",
  link_required:
    "This email address already has an account. Log in to it first, then link the provider under “Login methods”.",
  last_credential: "This is the only login method of your account. Set a password first, or link another provider.",
  conflict: "This provider is already linked, to this account or to another one.",
};

/** By the name of a DOMException of `navigator.credentials`. */
const ABOUT_PASSKEYS: Record<string, string> = {
  NotAllowedError: "No passkey was used. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
};

export function sentence(problem: unknown): string {
  if (problem instanceof Problem) {
    const told = SENTENCES[problem.code] ?? problem.message;
    return typeof told === "string" ? told : told(problem);
  }
  if (problem instanceof DOMException) return ABOUT_PASSKEYS[problem.name] ?? "The browser cannot use this passkey.";
  console.error(problem);
  return "Something went wrong on this page. Reload it and try again.";
}

/** For an error code in the URL. */
export function sentenceFor(code: string): string {
  return sentence(new Problem({ status: 0, code, detail: "That did not work. Try again." }));
}

/** An error of a field that is detected in the browser. */
export function fieldProblem(field: string, message: string): Problem {
  return new Problem({ status: 422, code: "validation_error", detail: message, fields: { [field]: [message] } });
}

function inWords(seconds = 60): string {
  if (seconds < 60) return seconds === 1 ? "a second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "a minute" : minutes < 60 ? `${minutes} minutes` : "an hour";
}
