import { Problem } from "credential-client";
import { Link, Redirect, useLocation } from "wouter";

import { service, useAccount } from "../account";
import type { Waiting } from "../app";
import { Field, Form } from "../form";
import { Page, type Passage } from "../page";
import { Providers } from "../providers";

export function LogIn({ onWait }: { onWait: (waiting: Waiting) => void }) {
  const [, go] = useLocation();
  const { user } = useAccount();
  if (user) return <Redirect to="/account" replace />;
  return (
    <Page title="Log in">
      <Form
        button="Log in"
        onSubmit={async ({ email = "", password = "" }) => {
          try {
            await service.auth.login({ body: { email, password } });
          } catch (problem) {
            if (!(problem instanceof Problem && problem.code === "email_not_verified")) throw problem;
            onWait({ email, password });
            return go("/verify-email", { state: { notice: "Your email address is not verified yet." } satisfies Passage });
          }
          go("/account");
        }}
      >
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
        <Field name="password" label="Password" type="password" autoComplete="current-password" required />
      </Form>
      <Providers />
      <p className="aside"><Link href="/forgotten-password">Forgot your password?</Link><br />New here? <Link href="/signup">Sign up</Link></p>
    </Page>
  );
}
