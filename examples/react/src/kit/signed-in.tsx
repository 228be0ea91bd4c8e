import { useEffect, useState } from "react";
import { MfaRequired } from "credential-client";

import { service } from "./account";
import { arrival, hasLeft } from "./arrival";
import { Message, Spinner } from "./form";
import { Go, useNavigation } from "./navigation";
import { usePendingLogin } from "./pending-login";
import { Screen } from "./screen";
import { sentence, sentenceFor } from "./sentences";
import { settings } from "./settings";

const { paths } = settings;

// Once per page load, even if React renders twice.
let login: Promise<void> | undefined;

/** A login with a provider returns here: with a code, with an error or, in cookie mode, with cookies. */
export function SignedIn() {
  const { go } = useNavigation();
  const { setSecondStep } = usePendingLogin();
  const [told, setTold] = useState<string>();
  useEffect(() => {
    login ??= finish();
    login.then(() => go(paths.account, { replace: true }), (problem: unknown) => {
      if (problem instanceof Declined) return setTold(problem.message);
      if (!(problem instanceof MfaRequired)) return setTold(sentence(problem));
      setSecondStep(problem);
      go(paths.secondStep, { replace: true });
    });
  }, [go, setSecondStep]);
  if (told) {
    return (
      <Screen title="That did not work" below={<Go to={paths.logIn}>Back to login</Go>}>
        <Message>{told}</Message>
      </Screen>
    );
  }
  return (
    <Screen title="Logging in …">
      <p className="waiting" role="status"><Spinner />Please wait …</p>
    </Screen>
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
