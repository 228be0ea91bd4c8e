import { Link } from "wouter";

import { service } from "../account";
import { Field, Form } from "../form";
import { Page } from "../page";

export function ForgottenPassword() {
  return (
    <Page title="Forgotten password">
      <p>We send you a link with which you set a new one.</p>
      <Form
        button="Send the link"
        onSubmit={async ({ email = "" }) => {
          await service.auth.requestPasswordReset({ body: { email } });
          return `If ${email} has an account, a mail is on its way. Its link works for half an hour.`;
        }}
      >
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
      </Form>
      <p className="aside"><Link href="/login">Back to log in</Link></p>
    </Page>
  );
}
