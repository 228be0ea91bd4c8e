import { useState } from "react";
import { withCaptcha } from "credential-client";

import { service } from "./account";
import { Button, Field, Form } from "./form";
import { Go } from "./navigation";
import { Screen } from "./screen";
import { settings } from "./settings";

const { paths } = settings;

/** Request a link that sets a new password. The response is the same for email addresses without an account. */
export function ForgotPassword() {
  const [sentTo, setSentTo] = useState<string>();
  const below = <Go to={paths.logIn}>Back to login</Go>;
  if (sentTo) {
    return (
      <Screen title="Check your email" below={below}>
        <p role="status">
          If <strong>{sentTo}</strong> has an account, we have sent an email with a link. The link works for half an
          hour.
        </p>
        <Button look="other" onPress={() => setSentTo(undefined)}>Use another email address</Button>
      </Screen>
    );
  }
  const send = async ({ email = "" }) => {
    await withCaptcha(service, (captcha) => service.auth.requestPasswordReset({ body: { email, ...captcha } }));
    setSentTo(email);
  };
  return (
    <Screen title="Forgot your password?" lead="We send you a link to set a new one." below={below}>
      <Form button="Send the link" onSubmit={send}>
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
      </Form>
    </Screen>
  );
}
