import Link from "next/link";

import { Page, type SearchParams } from "../components/page";
import { currentUser } from "../lib/session";

export default async function Home({ searchParams }: { searchParams: SearchParams }) {
  const user = await currentUser();
  return (
    <Page title={user ? `Welcome back, ${user.username}` : "Accounts for your Next.js application"} wide search={searchParams}>
      <p className="lead">Sign-up, login, email verification, password reset and account management, with sessions in cookies that no script can read.</p>
      <p className="actions">
        {user ? <Link className="button" href="/account">Go to your account</Link> : <>
          <Link className="button" href="/signup">Sign up</Link>
          <Link className="button secondary" href="/login">Log in</Link>
        </>}
      </p>
    </Page>
  );
}
