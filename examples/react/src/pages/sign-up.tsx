import { Link, useLocation } from "wouter";

import { service } from "../account";
import type { Waiting } from "../app";
import { Field, Form } from "../form";
import { Page } from "../page";
import { Providers } from "../providers";

export function SignUp({ onWait }: { onWait: (waiting: Waiting) => void }) {
  const [, go] = useLocation();
  return (
    <Page title="Sign up">
      <Form
        button="Sign up"
        onSubmit={async ({ email = "", username = "", password = "" }) => {
          const made = await service.auth.signup({ body: { email, username: username || null, password } });
          if ("user_id" in made) return go("/account");
          onWait({ email, password }); // the email address must be verified first
          go("/verify-email");
        }}
      >
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
        <Field name="username" label="Name" autoComplete="nickname" hint="Other users see it. You can change it later." />
        <Field name="password" label="Password" type="password" autoComplete="new-password" required hint="At least 8 characters. A few words are easy to remember and hard to guess." />
      </Form>
      <Providers />
      <p className="aside">Do you have an account? <Link href="/login">Log in</Link></p>
    </Page>
  );
}
