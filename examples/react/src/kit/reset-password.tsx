import type { ReactNode } from "react";

import { service } from "./account";
import { tokenFor } from "./arrival";
import { Form } from "./form";
import { Go, useNavigation } from "./navigation";
import { NewPasswordField } from "./password-field";
import { NoToken, Screen } from "./screen";
import { settings } from "./settings";

const { paths } = settings;

export function ResetPassword() {
  const lead = "You will be logged out on every device.";
  return <SetPassword path={paths.resetPassword} title="Set a new password" lead={lead} />;
}

export function AcceptInvitation() {
  const lead = "An account was created for you. Choose a password for it.";
  return <SetPassword path={paths.acceptInvitation} title="Welcome" lead={lead} />;
}

function SetPassword({ path, title, lead }: { path: string; title: string; lead: ReactNode }) {
  const { go } = useNavigation();
  const token = tokenFor(path);
  if (!token) return <NoToken title={title} />;
  const set = async ({ new_password = "" }) => {
    await service.auth.resetPassword({ body: { token, new_password } });
    go(paths.logIn, { notice: "Your password is set. Log in with it." });
  };
  const below = <>The link does not work? <Go to={paths.forgotPassword}>Request a new one</Go></>;
  return (
    <Screen title={title} lead={lead} below={below}>
      <Form button="Set password" onSubmit={set}>
        <NewPasswordField name="new_password" label="New password" />
      </Form>
    </Screen>
  );
}
