import type { Metadata } from "next";
import Link from "next/link";

import { Field, Form } from "../../components/form";
import { Page } from "../../components/page";
import { requestPasswordReset } from "../actions";

export const metadata: Metadata = { title: "Forgot your password?" };

export default function ForgotPassword() {
  return (
    <Page title="Forgot your password?">
      <p>We send you a link to set a new one.</p>
      <Form action={requestPasswordReset} button="Send the link">
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
      </Form>
      <p className="aside"><Link href="/login">Back to login</Link></p>
    </Page>
  );
}
