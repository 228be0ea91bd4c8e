import { service, useAccount, useUser } from "../account";
import { Field, Form } from "../form";
import { useConfirmed } from "../reauthentication";
import { Disclosure, Section } from "../section";
import { CodeForm, NewEmail } from "../verify-email";
import { CurrentPassword, WITH_PASSWORD_FIELD, logInAgain } from "./current-password";

export function EmailAddress() {
  const user = useUser();
  const { reload } = useAccount();
  const confirmed = useConfirmed();
  const change = async ({ new_email = "", password = "" }) => {
    const body = { new_email, password: password || null };
    await confirmed(() => service.users.changeEmail({ body }), WITH_PASSWORD_FIELD);
    return `We have sent a link to ${new_email}. Your email address changes when you open it.`;
  };
  return (
    <>
      {!user.is_verified && (
        <Section title="Verify your email address" look="attention">
          <p className="lead">We have sent you an email. Open its link, or enter its code here.</p>
          <CodeForm email={user.email} onDone={reload} />
          <NewEmail email={user.email} />
        </Section>
      )}
      <Section title="Email address" id="email">
        <p className="value">
          <span>{user.email}</span>
          {user.is_verified ? <span className="tag good">verified</span> : <span className="tag">not verified</span>}
        </p>
        <Disclosure title="Change email address">
          <Form button="Send the link" clears help={logInAgain} onSubmit={change}>
            <Field name="new_email" label="New email address" type="email" autoComplete="email" required />
            <CurrentPassword />
          </Form>
        </Disclosure>
      </Section>
    </>
  );
}
