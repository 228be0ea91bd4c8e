import type { Metadata } from "next";
import Link from "next/link";

import { Page } from "../components/page";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return <Page title="Page not found"><p><Link href="/">Go to the start page</Link></p></Page>;
}
