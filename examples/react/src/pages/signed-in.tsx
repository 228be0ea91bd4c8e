import { useEffect, useState } from "react";
import { MfaRequired } from "credential-client";
import { Link, useLocation } from "wouter";

import { service } from "../account";
import { arrival, hasLeft } from "../arrival";
import { Sorry, sentence, sentenceFor } from "../form";
import { Page } from "../page";

// Once per page load, even if React renders twice.
let way: Promise<void> | undefined;

/** A login with a provider returns here: with a code, with an error or, in cookie mode, with cookies. */
export function SignedIn({ onSecondStep }: { onSecondStep: (required: MfaRequired) => void }) {
  const [, go] = useLocation();
  const [told, setTold] = useState<string>();
  useEffect(() => {
    way ??= finish();
    way.then(() => go("/account", { replace: true }), (problem: unknown) => {
      if (!(problem instanceof MfaRequired)) return setTold(problem instanceof Declined ? problem.message : sentence(problem));
      onSecondStep(problem);
      go("/second-step", { replace: true });
    });
  }, [go, onSecondStep]);
  return (
    <Page title={told ? "That did not work" : "Logging in …"}>
      {told ? <Sorry>{told}</Sorry> : <p role="status">Please wait …</p>}
      {told && <p className="aside"><Link href="/login">Back to login</Link></p>}
    </Page>
  );
}

class Declined extends Error {}

async function finish(): Promise<void> {
  const begunHere = hasLeft();
  if (arrival.error) throw new Declined(sentenceFor(arrival.error));
  if (!begunHere) throw new Declined("This login was not started in this tab. Start again.");
  if (arrival.code) await service.oauth.exchange({ body: { code: arrival.code } });
  else if (service.session.cookies) await service.session.resume();
  else throw new Declined("This login was not started in this tab. Start again.");
}
