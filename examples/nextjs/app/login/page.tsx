import type { Metadata } from "next";
import { cookies } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";

import { Field, Form } from "../../components/form";
import { PasskeyLogin } from "../../components/passkey";
import { Page, type SearchParams } from "../../components/page";
import { Providers } from "../../components/providers";
import { PENDING, currentUser } from "../../lib/session";
import { logIn } from "../actions";

export const metadata: Metadata = { title: "Log in" };

export default async function LogIn({ searchParams }: { searchParams: SearchParams }) {
  if (await currentUser()) redirect("/account");
  const email = (await cookies()).get(PENDING)?.value;
  return (
    <Page title="Log in" search={searchParams}>
      <Form action={logIn} button="Log in">
        <Field name="email" label="Email address" type="email" autoComplete="username webauthn" defaultValue={email} required />
        <Field name="password" label="Password" type="password" autoComplete="current-password" required />
      </Form>
      <Providers><PasskeyLogin /></Providers>
      <p className="aside"><Link href="/forgot-password">Forgot your password?</Link><br /><Link href="/login/email">Log in by email, without a password</Link><br />New here? <Link href="/signup">Sign up</Link></p>
    </Page>
  );
}
