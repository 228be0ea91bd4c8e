import NextAuth from "next-auth";

export const { handlers, auth, signIn, signOut } = NextAuth({
  trustHost: true, // the host of AUTH_URL or of the request; behind a proxy, set AUTH_URL
  providers: [
    {
      id: "accounts",
      name: "Example Accounts",
      type: "oidc",
      issuer: process.env.ACCOUNTS_URL ?? "http://localhost:8000",
      clientId: process.env.CLIENT_ID,
      clientSecret: process.env.CLIENT_SECRET,
      checks: ["pkce", "state", "nonce"],
    },
  ],
  callbacks: {
    // Keep the user's id at the service, which never changes. The email address may.
    jwt: ({ token, profile }) => (profile?.sub ? { ...token, sub: profile.sub } : token),
    session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub ?? "" } }),
  },
});
