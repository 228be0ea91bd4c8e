import { useState } from "react";

import { service } from "./account";
import { Button, Message } from "./form";
import { useNavigation } from "./navigation";
import { sentence } from "./sentences";
import { settings } from "./settings";

/** A button for your header. If the service cannot be reached, the user stays logged in and sees a message. */
export function LogOut() {
  const { go } = useNavigation();
  const [problem, setProblem] = useState<unknown>();
  const logOut = async () => {
    setProblem(undefined);
    try {
      await service.auth.logout();
      go(settings.paths.logIn, { notice: "You have been logged out." });
    } catch (problem) {
      setProblem(problem);
    }
  };
  return (
    <span className="kit log-out">
      <Button look="plain" onPress={logOut}>Log out</Button>
      {problem !== undefined && <Message>{sentence(problem)}</Message>}
    </span>
  );
}
