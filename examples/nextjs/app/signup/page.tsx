import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";

import { Field, Form } from "../../components/form";
import { Page, type SearchParams } from "../../components/page";
import { Providers } from "../../components/providers";
import { currentUser } from "../../lib/session";
import { signUp } from "../actions";

export const metadata: Metadata = { title: "Sign up" };

export default async function SignUp({ searchParams }: { searchParams: SearchParams }) {
  if (await currentUser()) redirect("/account");
  return (
    <Page title="Sign up" search={searchParams}>
      <Form action={signUp} button="Sign up">
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
        <Field name="username" label="Name" autoComplete="nickname" hint="Other users see it. You can change it later." />
        <Field name="password" label="Password" type="password" autoComplete="new-password" required hint="At least 8 characters. A few words are easy to remember and hard to guess." />
      </Form>
      <Providers />
      <p className="aside">Do you have an account? <Link href="/login">Log in</Link></p>
    </Page>
  );
}
