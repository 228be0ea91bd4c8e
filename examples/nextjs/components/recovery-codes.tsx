"use client";

import { useEffect, useRef, useState } from "react";

/** The recovery codes, which are shown only once. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const text = codes.join("\n");
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));
  return (
    <section className="card recovery" aria-labelledby="recovery">
      <h2 id="recovery" ref={heading} tabIndex={-1}>Save your recovery codes</h2>
      <p>Each one logs you in once, if you have lost your other factors. Keep them somewhere safe: they are not shown again.</p>
      <ul className="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
      <p className="buttons">
        <button type="button" className="secondary" onClick={() => void copy()}>Copy</button>
        <button type="button" className="secondary" onClick={() => print()}>Print</button>
        <a className="button secondary" href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`} download="recovery-codes.txt">Download</a>
      </p>
      <p role="status">{copied && "Copied."}</p>
      <button type="button" onClick={onDone}>I have saved them</button>
    </section>
  );
}
