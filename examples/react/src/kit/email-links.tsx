// The other pages that links in emails open. Each requires the user to press a button.
import { service, useAccount } from "./account";
import { tokenFor } from "./arrival";
import { Form } from "./form";
import { useNavigation } from "./navigation";
import { NoToken, Screen } from "./screen";
import { settings } from "./settings";

const { paths } = settings;

export function ConfirmEmailChange() {
  const { go } = useNavigation();
  const { reload } = useAccount();
  const token = tokenFor(paths.confirmEmailChange);
  const title = "Confirm your new email address";
  if (!token) return <NoToken title={title} />;
  const confirm = async () => {
    const { email } = await service.auth.verifyEmail({ body: { token } });
    const notice = `Your email address is now ${email}.`;
    if (!service.session.userId) return go(paths.logIn, { notice });
    await reload();
    go(paths.account, { notice });
  };
  return (
    <Screen title={title} lead="From now on you log in with it.">
      <Form button="Confirm new email address" onSubmit={confirm} />
    </Screen>
  );
}

export function NotMe() {
  const { go } = useNavigation();
  const token = tokenFor(paths.notMe);
  const title = "Was this not you?";
  if (!token) return <NoToken title={title} />;
  const report = async () => {
    await service.auth.disown({ body: { token } });
    go(paths.signUp, { notice: "The account is deleted. Your email address is free again." });
  };
  return (
    <Screen title={title}>
      <p>Someone signed up with your email address. You can delete that account. If this was you, close this page.</p>
      <Form button="Delete that account" look="danger" onSubmit={report} />
    </Screen>
  );
}

export function SecureAccount() {
  const { go } = useNavigation();
  const { reload } = useAccount();
  const token = tokenFor(paths.secureAccount);
  const title = "Secure your account";
  if (!token) return <NoToken title={title} />;
  const secure = async () => {
    await service.auth.secureAccount({ body: { token } });
    if (service.session.userId) await reload(); // shows it if the session of this browser has ended
    go(paths.logIn, { notice: "Your account is secured. Log in with your password." });
  };
  return (
    <Screen title={title}>
      <p>
        You will be logged out on every device, and every provider will be unlinked. Then only your password gives
        access to your account. If you use the linked providers yourself, close this page.
      </p>
      <Form button="Secure my account" look="danger" onSubmit={secure} />
    </Screen>
  );
}

export function UndoEmailChange() {
  const { go } = useNavigation();
  const { reload } = useAccount();
  const token = tokenFor(paths.undoEmailChange);
  const title = "Undo the change of your email address";
  if (!token) return <NoToken title={title} />;
  const undo = async () => {
    const { email } = await service.auth.undoEmailChange({ body: { token } });
    if (service.session.userId) await reload(); // shows it if the session of this browser has ended
    go(paths.logIn, { notice: `Your email address is ${email} again. If your password does not work, reset it.` });
  };
  return (
    <Screen title={title}>
      <p>
        Your account gets its previous email address back. You will be logged out on every device, and providers and a
        password that were added since the change are removed. If you changed the email address yourself, close this
        page.
      </p>
      <Form button="Undo the change" look="danger" onSubmit={undo} />
    </Screen>
  );
}
