// The settings of the kit. Edit this file after you have copied the folder. Colors are in theme.css.

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

  /** The path of each screen. */
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

    /** The URL that a login with a provider returns to. OAUTH_REDIRECT_URIS must contain its origin. */
    signedIn: "/signed-in",
  },
};
