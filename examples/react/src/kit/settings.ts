// What the kit needs to know about your project. Edit this file after copying the folder. Colors are in theme.css.

export type CharacterClass = "upper" | "lower" | "digit" | "symbol";

export const settings = {
  /** The name of your product, in the title of each page. */
  brand: "Example",

  /** The URL of the service: its PUBLIC_BASE_URL. `import.meta.env` is for Vite; other build tools have their own. */
  serviceUrl: import.meta.env.VITE_SERVICE_URL ?? "http://localhost:8000",

  /** Whether users may log in with a link or a code in an email: MAGIC_LINK. */
  emailLogin: true,

  /** The rules shown below a new password: PASSWORD_MIN_LENGTH and PASSWORD_REQUIRE. The service enforces its own. */
  password: {
    minLength: 8,
    require: [] as CharacterClass[],
  },

  /** Where you show each screen. */
  paths: {
    logIn: "/login",
    signUp: "/signup",
    logInByEmail: "/login/email",
    forgotPassword: "/forgotten-password",
    secondStep: "/second-step",
    account: "/account",
    factors: "/account/factors",

    // The service puts these into its emails.
    magicLink: "/magic-link",
    verifyEmail: "/verify-email",
    resetPassword: "/reset-password",
    acceptInvitation: "/accept-invitation",
    confirmEmailChange: "/confirm-email-change",
    notMe: "/not-me",
    secureAccount: "/secure-account",
    undoEmailChange: "/undo-email-change",

    /** Where a login with a provider returns: its origin must be in OAUTH_REDIRECT_URIS. */
    signedIn: "/signed-in",
  },
};
