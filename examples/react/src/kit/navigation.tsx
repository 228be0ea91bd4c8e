// Connects the kit to the router of your project, whichever you use.
import { type ComponentProps, type MouseEvent, type ReactNode, createContext } from "react";
import { use, useEffect, useLayoutEffect, useMemo, useRef } from "react";

export interface Visit {
  /** Replace the current entry of the history. */
  replace?: boolean;
  /** A sentence to show on the next screen, such as "You have been logged out." */
  notice?: string | undefined;
}

export type Navigate = (path: string, visit?: Visit) => void;

interface Navigation {
  go: Navigate;
  notice: string | undefined;
}

const Context = createContext<Navigation | null>(null);

export function useNavigation(): Navigation {
  const navigation = use(Context);
  if (!navigation) throw new Error("useNavigation() is for components inside <KitProvider>");
  return navigation;
}

interface Props {
  /** Show the screen at this path, with your router. */
  navigate: Navigate;
  /** The `notice` of the last navigation. */
  notice: string | undefined;
  children: ReactNode;
}

export function NavigationProvider({ navigate, notice, children }: Props) {
  const latest = useRef(navigate);
  useEffect(() => {
    latest.current = navigate;
  });
  const navigation = useMemo<Navigation>(() => ({ go: (...visit) => latest.current(...visit), notice }), [notice]);
  return <Context value={navigation}>{children}</Context>;
}

/** A link to another screen, without loading the page again. */
export function Go({ to, ...anchor }: { to: string } & Omit<ComponentProps<"a">, "href" | "onClick">) {
  const { go } = useNavigation();
  const onClick = (event: MouseEvent) => {
    const opensElsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (opensElsewhere) return;
    event.preventDefault();
    go(to);
  };
  return <a {...anchor} href={to} onClick={onClick} />;
}

/** Show another screen instead of this one. */
export function Redirect({ to, notice }: { to: string; notice?: string | undefined }) {
  const { go } = useNavigation();
  useLayoutEffect(() => go(to, { replace: true, notice }), [go, to, notice]);
  return null;
}
