import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";

import { Form } from "../../components/form";
import { Page, type SearchParams, text } from "../../components/page";
import { Token } from "../../components/token";
import { currentUser } from "../../lib/session";
import { logInByEmail } from "../email-login-actions";

export const metadata: Metadata = { title: "Log in by email" };

/** The page that the link in the email opens. Mail scanners open links too, so the user must press a button to log in. */
export default async function MagicLink({ searchParams }: { searchParams: SearchParams }) {
  if (await currentUser()) redirect("/account");
  const token = text((await searchParams)["token"]);
  if (!token) redirect("/login/email");
  return (
    <Page title="Log in by email" search={searchParams}>
      <p>Press the button to log in. On another device, enter the code of the email where you requested it.</p>
      <Form action={logInByEmail} button="Log in"><Token value={token} /></Form>
      <p className="aside"><Link href="/login/email">Request a new email</Link></p>
    </Page>
  );
}
