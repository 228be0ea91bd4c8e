import { notFound } from "next/navigation";

import { linkOf } from "../../lib/links";
import { Follow } from "./follow";

export default async function LinkPage({ params }: { params: Promise<{ link: string }> }) {
  const name = (await params).link;
  const link = linkOf(name);
  if (!link) notFound();
  return (
    <main>
      <h1>{link.title}</h1>
      <p>{link.says}</p>
      <Follow name={name} button={link.button} setsPassword={link.setsPassword ?? false} />
    </main>
  );
}
