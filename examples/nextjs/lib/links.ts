// The pages that links in emails lead to. Opening one changes nothing; its button does.
export const LINKS = {
  "verify-email": { title: "Confirm your address", says: "Then we know that this address is yours.", button: "Confirm my address", path: "/auth/verify-email", done: "Your address is confirmed." },
  "confirm-email-change": { title: "Confirm your new address", says: "From then on you log in with it.", button: "Confirm my new address", path: "/auth/verify-email", done: "Your address is changed." },
  "reset-password": { title: "Set a new password", says: "Every device will be signed out.", button: "Set the password", path: "/auth/reset-password/confirm", done: "Your password is set.", setsPassword: true },
  "accept-invitation": { title: "Welcome", says: "Choose a password for your account.", button: "Set the password", path: "/auth/reset-password/confirm", done: "Your password is set.", setsPassword: true },
  "not-me": { title: "This was not you?", says: "You can delete the account that was made with your address. If it was you after all, just close this page.", button: "Delete that account", path: "/auth/disown", done: "The account is deleted." },
  "secure-account": { title: "Secure your account", says: "Every device is signed out, and every provider unlinked. Then only your password opens your account. If you use the linked providers yourself, just close this page.", button: "Secure my account", path: "/auth/secure-account", done: "Your account is secured." },
  "undo-email-change": { title: "Undo the change of your address", says: "Your account gets its previous address back. Every device is signed out, and what was added since the change is removed: linked providers, and a new password. If you changed the address yourself, just close this page.", button: "Undo the change", path: "/auth/undo-email-change", done: "Your address is set back. If your password does not work, set a new one." },
} satisfies Record<string, Link>;

export interface Link { title: string; says: string; button: string; path: string; done: string; setsPassword?: boolean }

export function linkOf(name: string): Link | undefined {
  return Object.hasOwn(LINKS, name) ? LINKS[name as keyof typeof LINKS] : undefined;
}
