import { service, useUser } from "../account";
import { Field, Form } from "../form";
import { useNavigation } from "../navigation";
import { useConfirmed } from "../reauthentication";
import { Disclosure, Section } from "../section";
import { fieldProblem } from "../sentences";
import { settings } from "../settings";
import { CurrentPassword, WITH_PASSWORD_FIELD, logInAgain } from "./current-password";

const LEAD = "Everything that we store about you is deleted immediately. This cannot be undone.";

/** Delete the account. The user must type the email address first, so that the account is not deleted by accident. */
export function Deletion() {
  const { go } = useNavigation();
  const { email } = useUser();
  const confirmed = useConfirmed();
  const remove = async ({ confirmation = "", password = "" }) => {
    if (confirmation.trim().toLowerCase() !== email.toLowerCase()) {
      throw fieldProblem("confirmation", "type your email address exactly as it is shown");
    }
    await confirmed(() => service.users.deleteMe({ body: { password: password || null } }), WITH_PASSWORD_FIELD);
    go(settings.paths.signUp, { notice: "Your account is deleted." });
  };
  return (
    <Section title="Delete your account" look="danger" lead={LEAD}>
      <Disclosure title="Delete account">
        <Form button="Delete my account" look="danger" help={logInAgain} onSubmit={remove}>
          <Field
            name="confirmation"
            label={<>Type <bdi className="typed">{email}</bdi> to confirm</>}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
          <CurrentPassword />
        </Form>
      </Disclosure>
    </Section>
  );
}
