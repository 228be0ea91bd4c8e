import type { ReactNode } from "react";

import { errorFor, noticeFor } from "../lib/messages";
import { Heading } from "./heading";

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** A page with its heading, and with the message of a redirect (`?notice=` or `?error=`). */
export async function Page({ title, wide, search, children }: { title: string; wide?: boolean; search?: SearchParams; children?: ReactNode }) {
  const { notice, error } = (await search) ?? {};
  const said = noticeFor(text(notice));
  const failed = errorFor(text(error));
  return (
    <section className={wide ? "page wide" : "page"}>
      <Heading key={title}>{title}</Heading>
      {said && <p role="status" className="note good">{said}</p>}
      {failed && <p role="alert" className="note bad">{failed}</p>}
      {children}
    </section>
  );
}

/** One value of a query parameter, or undefined. */
export function text(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
