import { type ReactNode, useEffect, useRef } from "react";
import { useHistoryState } from "wouter/use-browser-location";

/** What one page passes to the next, in the state of the history. */
export interface Passage {
  notice?: string | undefined;
}

let isFirst = true;

/** A page with its title. Moves the focus to the heading, so that screen readers announce the new page. */
export function Page({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const notice = useHistoryState<Passage | null>()?.notice;
  useEffect(() => {
    document.title = `${title} · Example`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [title]);
  return (
    <section className={wide ? "page wide" : "page"}>
      <h1 ref={heading} tabIndex={-1}>{title}</h1>
      {notice && <p role="status" className="note">{notice}</p>}
      {children}
    </section>
  );
}
