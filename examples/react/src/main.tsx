import "./arrival"; // before anything is shown
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { AccountProvider } from "./account";
import { App } from "./app";
import { ReauthenticationProvider } from "./reauthentication";
import "./style.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <AccountProvider>
      <ReauthenticationProvider>
        <App />
      </ReauthenticationProvider>
    </AccountProvider>
  </StrictMode>,
);
