import { withCaptcha } from "credential-client";

import { service } from "./account";
import { Field, Form } from "./form";
import { Go, useNavigation } from "./navigation";
import { NewPasswordField } from "./password-field";
import { usePendingLogin } from "./pending-login";
import { Providers } from "./providers";
import { Screen } from "./screen";
import { settings } from "./settings";

const { paths } = settings;

/** Create an account with a password or a provider. */
export function SignUp() {
  const { go } = useNavigation();
  const { setUnverified } = usePendingLogin();
  const signUp = async ({ email = "", username = "", password = "" }) => {
    const body = { email, username: username || null, password };
    const made = await withCaptcha(service, (captcha) => service.auth.signup({ body: { ...body, ...captcha } }));
    if ("user_id" in made) return go(paths.account);
    setUnverified({ email, password }); // the email address must be verified first
    go(paths.verifyEmail);
  };
  return (
    <Screen title="Sign up" below={<>Do you have an account? <Go to={paths.logIn}>Log in</Go></>}>
      <Form button="Sign up" onSubmit={signUp}>
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
        <Field
          name="username"
          label={<>Name <small>(optional)</small></>}
          autoComplete="nickname"
          hint="Other users see it. You can change it later."
        />
        <NewPasswordField name="password" label="Password" />
      </Form>
      <Providers />
    </Screen>
  );
}
