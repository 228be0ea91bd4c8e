import type { Metadata } from "next";
import { cookies } from "next/headers";
import Link from "next/link";

import { Form } from "../../components/form";
import { Page, type SearchParams, text } from "../../components/page";
import { Token } from "../../components/token";
import { Verification } from "../../components/verification";
import { PENDING } from "../../lib/session";
import { verifyLink } from "../actions";

export const metadata: Metadata = { title: "Verify your email address" };

/** The page that the link in a verification email opens, with a field for the code. */
export default async function VerifyEmail({ searchParams }: { searchParams: SearchParams }) {
  const token = text((await searchParams)["token"]);
  const email = (await cookies()).get(PENDING)?.value;
  return (
    <Page title="Verify your email address" search={searchParams}>
      {token ? (
        <>
          <p>Confirm that this email address is yours.</p>
          <Form action={verifyLink} button="Verify email address"><Token value={token} /></Form>
          <p className="aside">The link does not work? <Link href="/login">Log in</Link> and request a new email.</p>
        </>
      ) : (
        <>
          <p>{email ? <>We have sent an email to <strong>{email}</strong>. Open its link, or enter its code here.</> : "Open the link in our email, or enter its code here."}</p>
          <Verification email={email} />
        </>
      )}
    </Page>
  );
}
