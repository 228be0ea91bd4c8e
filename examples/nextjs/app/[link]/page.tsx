import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { Field, Form } from "../../components/form";
import { Page, type SearchParams, text } from "../../components/page";
import { Token } from "../../components/token";
import { type EmailLink, LINKS, isLinkName } from "../../lib/links";
import { followLink } from "../actions";

interface Props { params: Promise<{ link: string }>; searchParams: SearchParams }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { link } = await params;
  return isLinkName(link) ? { title: LINKS[link].title } : {};
}

export default async function LinkPage({ params, searchParams }: Props) {
  const name = (await params).link;
  if (!isLinkName(name)) notFound();
  const link: EmailLink = LINKS[name];
  const token = text((await searchParams)["token"]);
  if (!token) return <Page title={link.title}><p>Open the link in our email again: this page needs the token in it.</p></Page>;
  return (
    <Page title={link.title}>
      <p>{link.text}</p>
      <Form action={followLink} button={link.button} {...(link.danger && { look: "danger" })}>
        <input type="hidden" name="link" value={name} />
        <Token value={token} />
        {link.setsPassword && <Field name="new_password" label="New password" type="password" autoComplete="new-password" required hint="At least 8 characters." />}
      </Form>
    </Page>
  );
}
