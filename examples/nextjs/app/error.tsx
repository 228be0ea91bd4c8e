"use client";

/** Shown if a page cannot be rendered, for example while the service is unavailable. The session is kept. */
export default function Failed() {
  return (
    <section className="page">
      <h1>Something went wrong</h1>
      <p role="alert" className="note bad">The service is temporarily unavailable. You are still logged in.</p>
      <button type="button" onClick={() => location.reload()}>Try again</button>
    </section>
  );
}
