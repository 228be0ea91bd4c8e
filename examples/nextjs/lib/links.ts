// The pages that links in emails open. Mail scanners open links too, so each page requires the user to press a button.
export interface EmailLink {
  title: string;
  text: string;
  button: string;
  /** The path to redirect to afterwards. Account pages redirect to the login page if the session has ended. */
  next: string;
  danger?: boolean;
  setsPassword?: boolean;
}

export const LINKS = {
  "confirm-email-change": {
    title: "Confirm your new email address",
    text: "From now on you log in with it.",
    button: "Confirm new email address",
    next: "/account?notice=email_changed",
  },
  "reset-password": {
    title: "Set a new password",
    text: "You will be logged out on every device.",
    button: "Set password",
    next: "/login?notice=password_set",
    setsPassword: true,
  },
  "accept-invitation": {
    title: "Welcome",
    text: "An account was created for you. Choose a password for it.",
    button: "Set password",
    next: "/login?notice=password_set",
    setsPassword: true,
  },
  "not-me": {
    title: "Was this not you?",
    text: "Someone signed up with your email address. You can delete that account. If it was you, close this page.",
    button: "Delete that account",
    next: "/signup?notice=sign_up_deleted",
    danger: true,
  },
  "secure-account": {
    title: "Secure your account",
    text: "You will be logged out on every device, and every provider will be unlinked. Then only your password gives access to your account. If you use the linked providers yourself, close this page.",
    button: "Secure my account",
    next: "/login?notice=secured",
    danger: true,
  },
  "undo-email-change": {
    title: "Undo the change of your email address",
    text: "Your account gets its previous email address back. You will be logged out on every device, and providers and a password that were added since the change are removed. If you changed the email address yourself, close this page.",
    button: "Undo the change",
    next: "/login?notice=email_restored",
    danger: true,
  },
} satisfies Record<string, EmailLink>;

export type LinkName = keyof typeof LINKS;

export function isLinkName(name: string): name is LinkName {
  return Object.hasOwn(LINKS, name);
}
