import { type ReactNode, useRef, useState } from "react";
import type { MfaRequired } from "credential-client";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";

import { keepTokens, service, useAccount } from "./account";
import { forgetElsewhere } from "./arrival";
import { Sorry, sentence } from "./form";
import { Page, type Passage } from "./page";
import { Account } from "./pages/account";
import { Factors } from "./pages/factors";
import { LogIn } from "./pages/log-in";
import { AcceptInvitation, ConfirmEmailChange, NotMe, ResetPassword, SecureAccount, UndoEmailChange } from "./pages/mail-links";
import { SecondStep } from "./pages/second-step";
import { SignUp } from "./pages/sign-up";
import { SignedIn } from "./pages/signed-in";
import { ForgottenPassword } from "./pages/forgotten-password";
import { VerifyEmail } from "./pages/verify-email";

export function App() {
  // The user who waits for a verification code: only in memory, so that nothing has to be typed again.
  const [waiting, setWaiting] = useState<Waiting>();
  // The login that waits for a second factor: its token is only in memory, too.
  const [required, setRequired] = useState<MfaRequired>();
  const [path] = useLocation();
  forgetElsewhere(path);
  return (
    <>
      <Header />
      <main>
        <Switch>
          <Route path="/"><Redirect to="/account" replace /></Route>
          <Route path="/signup"><SignUp onWait={setWaiting} /></Route>
          <Route path="/login"><LogIn onWait={setWaiting} onSecondStep={setRequired} /></Route>
          <Route path="/verify-email"><VerifyEmail waiting={waiting} onDone={() => setWaiting(undefined)} /></Route>
          <Route path="/forgotten-password"><ForgottenPassword /></Route>
          <Route path="/reset-password"><ResetPassword /></Route>
          <Route path="/accept-invitation"><AcceptInvitation /></Route>
          <Route path="/confirm-email-change"><ConfirmEmailChange /></Route>
          <Route path="/not-me"><NotMe /></Route>
          <Route path="/secure-account"><SecureAccount /></Route>
          <Route path="/undo-email-change"><UndoEmailChange /></Route>
          <Route path="/signed-in"><SignedIn onSecondStep={setRequired} /></Route>
          <Route path="/second-step"><SecondStep required={required} /></Route>
          <Route path="/account/factors"><RequireLogin><Factors /></RequireLogin></Route>
          <Route path="/account"><RequireLogin><Account /></RequireLogin></Route>
          <Route><Page title="Page not found"><p><Link href="/account">Go to your account</Link></p></Page></Route>
        </Switch>
      </main>
      <Footer />
    </>
  );
}

export interface Waiting {
  email: string;
  password: string;
}

/** Shows a page only to logged-in users; others log in first. */
function RequireLogin({ children }: { children: ReactNode }) {
  const { user, problem, reload } = useAccount();
  const wasHere = useRef(false);
  if (user) wasHere.current = true;
  if (user) return children;
  if (user === null) return <Redirect to="/login" replace state={{ notice: wasHere.current ? "You are logged out." : undefined } satisfies Passage} />;
  if (!problem) return <p className="waiting" role="status">Loading …</p>;
  return (
    <Page title="Your account">
      <Sorry>{sentence(problem)}</Sorry>
      <button type="button" onClick={() => void reload()}>Try again</button>
    </Page>
  );
}

function Header() {
  const { user } = useAccount();
  const [, go] = useLocation();
  const [problem, setProblem] = useState<unknown>();
  const logOut = async () => {
    setProblem(undefined);
    try {
      await service.auth.logout();
      go("/login", { state: { notice: "You are logged out." } satisfies Passage });
    } catch (problem) {
      setProblem(problem);
    }
  };
  return (
    <header>
      <nav aria-label="Main">
        <Link href="/" className="brand"><img src="/icon.svg" alt="" width="28" height="28" />Example</Link>
        {user === null && <><Link href="/login">Log in</Link><Link href="/signup">Sign up</Link></>}
        {user && <><Link href="/account">Account</Link><button type="button" className="quiet" onClick={() => void logOut()}>Log out</button></>}
      </nav>
      {problem !== undefined && <Sorry>{sentence(problem)}</Sorry>}
    </header>
  );
}

function Footer() {
  const { user } = useAccount();
  const [cookies, setCookies] = useState(service.session.cookies);
  return (
    <footer>
      <label>
        <input type="checkbox" role="switch" checked={cookies} disabled={user !== null} onChange={() => { keepTokens(cookies ? "page" : "cookies"); setCookies(!cookies); }} />
        Keep tokens in cookies
      </label>
      <span>{user === null ? "Applies to the next login." : "Log out to change it."}</span>
    </footer>
  );
}
