import type { Metadata } from "next";
import { cookies } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";

import { Field, Form } from "../../../components/form";
import { Page, type SearchParams } from "../../../components/page";
import { LOGIN_FLOW, currentUser } from "../../../lib/session";
import { forgetLoginLink, logInByEmail, requestLoginLink } from "../../email-login-actions";

export const metadata: Metadata = { title: "Log in by email" };

/** Request an email with a link and a code, and enter the code. */
export default async function LogInByEmail({ searchParams }: { searchParams: SearchParams }) {
  if (await currentUser()) redirect("/account");
  const requested = (await cookies()).has(LOGIN_FLOW);
  return (
    <Page title="Log in by email" search={searchParams}>
      {requested ? (
        <>
          <p>If your email address has an account, we have sent an email to it. Open its link in this browser, or enter its code here.</p>
          <Form action={logInByEmail} button="Log in">
            <Field name="code" label="Six-digit code" inputMode="numeric" autoComplete="one-time-code" maxLength={9} className="code" required />
          </Form>
          <form action={forgetLoginLink}><button className="link">Request a new email</button></form>
        </>
      ) : (
        <>
          <p>We send you a link and a code. Use them in this browser.</p>
          <Form action={requestLoginLink} button="Send the email">
            <Field name="email" label="Email address" type="email" autoComplete="username" required />
          </Form>
        </>
      )}
      <p className="aside"><Link href="/login">Log in with a password</Link></p>
    </Page>
  );
}
