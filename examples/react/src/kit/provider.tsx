import type { ComponentProps } from "react";

import { AccountProvider } from "./account";
import { NavigationProvider } from "./navigation";
import { PendingLoginProvider } from "./pending-login";
import { ReauthenticationProvider } from "./reauthentication";

/** The shared context of all components. Wrap your routes in it. */
export function KitProvider({ children, ...navigation }: ComponentProps<typeof NavigationProvider>) {
  return (
    <NavigationProvider {...navigation}>
      <AccountProvider>
        <PendingLoginProvider>
          <ReauthenticationProvider>{children}</ReauthenticationProvider>
        </PendingLoginProvider>
      </AccountProvider>
    </NavigationProvider>
  );
}
