"use client";

import { useEffect, useRef } from "react";

let isFirstPage = true;

/** The heading of a page. Takes the focus after a navigation, so that screen readers announce the new page. */
export function Heading({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus();
    isFirstPage = false;
  }, []);
  return <h1 ref={heading} tabIndex={-1}>{children}</h1>;
}
