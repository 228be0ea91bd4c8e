// Logins that are not finished. They are only in memory: a password and a token of a login are stored nowhere.
import { type ReactNode, createContext, use, useMemo, useState } from "react";
import type { MfaRequired } from "credential-client";

export interface PendingLogin {
  /** The user who has to verify an email address first. With the code, they are logged in. */
  unverified: { email: string; password: string } | undefined;
  setUnverified: (unverified: PendingLogin["unverified"]) => void;
  /** The login that needs a second factor. */
  secondStep: MfaRequired | undefined;
  setSecondStep: (required: MfaRequired | undefined) => void;
}

const Context = createContext<PendingLogin | null>(null);

export function usePendingLogin(): PendingLogin {
  const pending = use(Context);
  if (!pending) throw new Error("usePendingLogin() is for components inside <KitProvider>");
  return pending;
}

export function PendingLoginProvider({ children }: { children: ReactNode }) {
  const [unverified, setUnverified] = useState<PendingLogin["unverified"]>();
  const [secondStep, setSecondStep] = useState<MfaRequired>();
  const pending = useMemo(
    () => ({ unverified, setUnverified, secondStep, setSecondStep }),
    [unverified, secondStep],
  );
  return <Context value={pending}>{children}</Context>;
}
