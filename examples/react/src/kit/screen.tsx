import { type ReactNode, useEffect, useRef } from "react";

import { Logo } from "./logo";
import { useNavigation } from "./navigation";
import { settings } from "./settings";

let isFirst = true;

interface Props {
  title: string;
  /** For account pages: omits the card around the content. */
  wide?: boolean;
  /** One sentence below the title. */
  lead?: ReactNode;
  /** Links below the card. */
  below?: ReactNode;
  children?: ReactNode;
}

/** A page with its title. Moves the focus to the heading, so that screen readers announce the new page. */
export function Screen({ title, wide, lead, below, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { notice } = useNavigation();
  useEffect(() => {
    document.title = `${title} · ${settings.brand}`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [title]);
  const top = (
    <>
      <h1 ref={heading} tabIndex={-1}>{title}</h1>
      {lead && <p className="lead">{lead}</p>}
      {notice && <p role="status" className="message">{notice}</p>}
    </>
  );
  if (wide) return <section className="kit wide">{top}{children}</section>;
  return (
    <section className="kit narrow">
      <div className="card">
        <Logo />
        {top}
        {children}
      </div>
      {below && <p className="below">{below}</p>}
    </section>
  );
}

/** The message of a page that was opened without the link from an email. */
export function NoToken({ title }: { title: string }) {
  return <Screen title={title}><p>Open the link in our email again: this page needs the token in it.</p></Screen>;
}
