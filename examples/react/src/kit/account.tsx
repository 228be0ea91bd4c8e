// The current user, for every component.
import { type ReactNode, createContext, use, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Service, type User } from "credential-client";

import { settings } from "./settings";

export const service = new Service({ url: settings.serviceUrl, cookies: wantsCookies() });

/**
 * Choose where tokens are stored: in HttpOnly cookies or in browser storage. Call this while no user is logged in.
 *
 * If your project uses only one of them, replace `wantsCookies()` with `true` or `false`, and delete these two functions.
 */
export function keepTokens(where: "cookies" | "page"): void {
  service.session.cookies = where === "cookies";
  try {
    localStorage.setItem("tokens", where);
  } catch {
    // The browser blocks storage, so the choice lasts as long as the page.
  }
}

function wantsCookies(): boolean {
  try {
    return localStorage.getItem("tokens") === "cookies";
  } catch {
    return false;
  }
}

export interface Account {
  /** Undefined while it is loading, null if no user is logged in. */
  user: User | null | undefined;
  /** The reason why it cannot be loaded. */
  problem: unknown;
  /** Load it again, after something about the account has changed. */
  reload: () => Promise<void>;
}

const Context = createContext<Account | null>(null);

export function useAccount(): Account {
  const account = use(Context);
  if (!account) throw new Error("useAccount() is for components inside <AccountProvider>");
  return account;
}

/** The current user, on pages that require a login. */
export function useUser(): User {
  const { user } = useAccount();
  if (!user) throw new Error("useUser() requires a logged-in user");
  return user;
}

export function AccountProvider({ children }: { children: ReactNode }) {
  // Changes when a user logs in or out, in this tab or another.
  const userId = useSyncExternalStore(service.session.subscribe, () => service.session.userId);
  const [found, setFound] = useState<User | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const account = useMemo(() => {
    const reload = async () => {
      setProblem(null);
      try {
        setFound(await service.users.me());
      } catch (problem) {
        // If the session has ended, the client has deleted it, and the pages are rendered again.
        if (service.session.userId) setProblem(problem);
      }
    };
    const user = userId === null ? null : found?.user_id === userId ? found : undefined;
    return { user, problem, reload };
  }, [userId, found, problem]);

  useEffect(() => {
    if (userId) void account.reload();
  }, [userId]); // not on `account`, which this effect changes

  return <Context value={account}>{children}</Context>;
}
