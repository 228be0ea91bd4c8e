import type { Metadata, Viewport } from "next";
import Link from "next/link";
import type { ReactNode } from "react";

import { Form } from "../components/form";
import { currentUser } from "../lib/session";
import { logOut } from "./actions";
import "./style.css";

export const metadata: Metadata = { title: { template: "%s · Example", default: "Example" } };
export const viewport: Viewport = { colorScheme: "light dark" };

export default async function Layout({ children }: { children: ReactNode }) {
  const user = await currentUser().catch(() => undefined); // undefined if the service is unavailable, which the page reports
  return (
    <html lang="en">
      <body>
        <header>
          <nav aria-label="Main">
            <Link href="/" className="brand"><img src="/icon.svg" alt="" width="28" height="28" />Example</Link>
            {user === null && <><Link href="/login">Log in</Link><Link href="/signup">Sign up</Link></>}
            {user && <><Link href="/account">Account</Link><Form action={logOut} button="Log out" look="link" /></>}
          </nav>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
