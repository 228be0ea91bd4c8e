import { service, useAccount, useUser } from "../account";
import { Field, Form } from "../form";
import { Section } from "../section";

export function Profile() {
  const user = useUser();
  const { reload } = useAccount();
  const save = async ({ username = "" }) => {
    await service.users.updateMe({ body: { username } });
    await reload();
    return "Saved.";
  };
  return (
    <Section title="Profile" id="profile">
      <div className="person">
        <span className="avatar" aria-hidden="true">{[...user.username][0]?.toUpperCase()}</span>
        <p>
          <strong>{user.username}</strong><br />
          <small>Member since {new Date(user.created_at).toLocaleDateString(undefined, { dateStyle: "long" })}</small>
        </p>
      </div>
      <Form button="Save" onSubmit={save}>
        <Field name="username" label="Name" autoComplete="nickname" defaultValue={user.username} required />
      </Form>
    </Section>
  );
}
