// Incomplete logins. They are kept only in memory, because they contain a password or the token of a login.
import { type ReactNode, createContext, use, useMemo, useState } from "react";
import type { MfaRequired } from "credential-client";

export interface PendingLogin {
  /** The user who must verify the email address first. After that, they are logged in. */
  unverified: { email: string; password: string } | undefined;
  setUnverified: (unverified: PendingLogin["unverified"]) => void;
  /** The login that requires a second factor. */
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
