import { Link } from "wouter";

import { service } from "../account";
import { Field, Form } from "../form";
import { Page } from "../page";

export function ForgottenPassword() {
  return (
    <Page title="Forgot your password?">
      <p>We send you a link to set a new one.</p>
      <Form
        button="Send the link"
        onSubmit={async ({ email = "" }) => {
          await service.auth.requestPasswordReset({ body: { email } });
          return `If ${email} has an account, we have sent an email with a link. The link works for half an hour.`;
        }}
      >
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
      </Form>
      <p className="aside"><Link href="/login">Back to login</Link></p>
    </Page>
  );
}
