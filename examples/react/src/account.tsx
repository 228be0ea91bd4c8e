// Who is signed in, for every component. Copy this file.
import { type ReactNode, createContext, use, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Service, type User } from "credential-client";

export const service = new Service({
  url: import.meta.env.VITE_SERVICE_URL ?? "http://localhost:8000",
  cookies: wantsCookies(),
});

/** Where tokens live: in cookies that no script can read, or with this page. For the time when nobody is signed in. */
export function keepTokens(where: "cookies" | "page"): void {
  service.session.cookies = where === "cookies";
  try {
    localStorage.setItem("tokens", where);
  } catch {
    // forbidden in this browser: then the choice lasts as long as the page
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
  /** Undefined while nobody knows yet, null where nobody is signed in. */
  user: User | null | undefined;
  /** Why nobody knows yet. */
  problem: unknown;
  /** Asks again, after something about the account has changed. */
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
        // Where the session has ended, the client has forgotten it, and the pages show that by themselves.
        if (service.session.userId) setProblem(problem);
      }
    };
    const user = userId === null ? null : found?.user_id === userId ? found : undefined;
    return { user, problem, reload };
  }, [userId, found, problem]);

  useEffect(() => {
    if (userId) void account.reload();
  }, [userId]); // not on `account`, which changes with what is found

  return <Context value={account}>{children}</Context>;
}
