"use client";

import { useEffect, useState } from "react";

/** A time in the visitor's own language and time zone, which only the browser knows. */
export function Time({ value }: { value: string }) {
  const [text, setText] = useState(`${value.slice(0, 16).replace("T", " ")} UTC`);
  useEffect(() => setText(new Date(value).toLocaleString()), [value]);
  return <time dateTime={value}>{text}</time>;
}
