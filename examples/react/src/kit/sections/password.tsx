import { service, useUser } from "../account";
import { Form } from "../form";
import { NewPasswordField, PasswordField } from "../password-field";
import { useConfirmed } from "../reauthentication";
import { Disclosure, Section } from "../section";
import { WITH_PASSWORD_FIELD } from "./current-password";

export function Password() {
  const user = useUser();
  const confirmed = useConfirmed();
  const change = async ({ old_password = "", new_password = "" }) => {
    const body = { old_password, new_password };
    await confirmed(() => service.auth.changePassword({ body }), WITH_PASSWORD_FIELD);
    return "Your password is changed, and your other devices are logged out.";
  };
  return (
    <Section title="Password" id="security" lead="A change logs out your other devices.">
      <Disclosure title="Change password">
        <Form button="Change password" clears onSubmit={change}>
          <input type="text" autoComplete="username" value={user.email} readOnly hidden />
          <PasswordField name="old_password" label="Current password" autoComplete="current-password" required />
          <NewPasswordField name="new_password" label="New password" forbidden={[user.email, user.username]} />
        </Form>
      </Disclosure>
    </Section>
  );
}
