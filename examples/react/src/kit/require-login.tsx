import { type ReactNode, useRef } from "react";

import { useAccount } from "./account";
import { Button, Message, Spinner } from "./form";
import { Redirect } from "./navigation";
import { Screen } from "./screen";
import { sentence } from "./sentences";
import { settings } from "./settings";

/** Shows its children only to logged-in users; others log in first. */
export function RequireLogin({ children }: { children: ReactNode }) {
  const { user, problem, reload } = useAccount();
  const wasHere = useRef(false);
  if (user) wasHere.current = true;
  if (user) return children;
  if (user === null) {
    return <Redirect to={settings.paths.logIn} notice={wasHere.current ? "You have been logged out." : undefined} />;
  }
  if (!problem) return <p className="kit waiting" role="status"><Spinner />Loading …</p>;
  return (
    <Screen title="Your account">
      <Message>{sentence(problem)}</Message>
      <Button onPress={reload}>Try again</Button>
    </Screen>
  );
}
