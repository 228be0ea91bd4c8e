// Confirms an action that requires a recent login, with the password, and with a factor if the account has one.
import { type ReactNode, createContext, use, useCallback, useEffect, useId, useRef, useState } from "react";
import { type Presence, Problem, ReauthenticationRequired, getPasskey, withReauthentication } from "credential-client";

import { service } from "./account";
import { Button, Field, Form } from "./form";
import { PasswordField } from "./password-field";
import { PasskeyMark } from "./provider-mark";
import { LogInAgain } from "./providers";

/**
 * Run an action. If it requires a recent login, open the dialog, and repeat the action after the user has authenticated.
 * With `hasPasswordField`, the form contains a password field, and the dialog opens only for accounts with a factor.
 */
type Confirmed = <Result>(action: () => Promise<Result>, options?: { hasPasswordField?: boolean }) => Promise<Result>;

interface Question {
  problem: ReauthenticationRequired;
  onDone: () => void;
  onCancel: () => void;
}

const Context = createContext<Confirmed | null>(null);

export function useConfirmed(): Confirmed {
  const confirmed = use(Context);
  if (!confirmed) throw new Error("useConfirmed() is for components inside <ReauthenticationProvider>");
  return confirmed;
}

export function ReauthenticationProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question>();
  const confirmed = useCallback<Confirmed>((action, { hasPasswordField = false } = {}) => {
    return withReauthentication(service, action, (problem) => {
      if (hasPasswordField && problem.factors.length === 0) throw problem;
      return new Promise<void>((resolve, reject) => {
        const close = (then: () => void) => () => {
          setQuestion(undefined);
          then();
        };
        setQuestion({ problem, onDone: close(resolve), onCancel: close(() => reject(problem)) });
      });
    });
  }, []);
  return (
    <Context value={confirmed}>
      {children}
      {question && <Dialog {...question} />}
    </Context>
  );
}

const WRONG = "That is wrong, or the code has been used. Check it, and try again.";

function Dialog({ problem, onDone, onCancel }: Question) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const has = (kind: string) => problem.factors.includes(kind);
  useEffect(() => dialog.current?.showModal(), []);
  const authenticate = async (body: Presence) => {
    try {
      await service.auth.reauthenticate({ body });
    } catch (problem) {
      if (!(problem instanceof ReauthenticationRequired)) throw problem;
      throw new Problem({ ...problem, detail: WRONG, code: "wrong_proof" });
    }
    onDone();
  };
  const byPasskey = async () => authenticate(await getPasskey(await service.auth.reauthenticationOptions()));
  const byPassword = ({ password = "", code = "" }) => authenticate({ password: password || null, ...typedCode(code) });
  return (
    <dialog ref={dialog} className="kit" aria-labelledby={title} onCancel={onCancel}>
      <h2 id={title}>Confirm that it's you</h2>
      {has("passkey") && (
        <>
          <Form button={<><PasskeyMark />Use a passkey</>} onSubmit={byPasskey} />
          <p className="or"><span>or</span></p>
        </>
      )}
      <Form button="Continue" onSubmit={byPassword}>
        <PasswordField
          name="password"
          label="Current password"
          autoComplete="current-password"
          hint="Leave it empty if you have no password."
        />
        {problem.factors.length > 0 && (
          <Field
            name="code"
            label={has("totp") ? "Code" : "Recovery code"}
            autoComplete="one-time-code"
            maxLength={20}
            hint={has("totp") && "From your authenticator app, or a recovery code."}
          />
        )}
      </Form>
      <LogInAgain />
      <Button look="plain" onPress={onCancel}>Cancel</Button>
    </dialog>
  );
}

/** Six digits are a code from an authenticator app; any other input is a recovery code. */
function typedCode(typed: string): Presence {
  const code = typed.replaceAll(/\s/g, "");
  if (!code) return {};
  return /^\d{6}$/.test(code) ? { code } : { recovery_code: code };
}
