import { type ReactNode, useCallback, useState } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";

import {
  AcceptInvitation, AccountPage, ConfirmEmailChange, Factors, ForgotPassword, KitProvider, LogIn, LogInByEmail, LogOut, Logo, MagicLink,
  NotMe, RequireLogin, ResetPassword, Screen, SecondStep, SecureAccount, SignUp, SignedIn, UndoEmailChange, VerifyEmail,
} from "./kit";
import { type Visit, forgetElsewhere, keepTokens, service, settings, useAccount } from "./kit";

const { paths } = settings;

export function App() {
  return (
    <Kit>
      <Header />
      <main>
        <Switch>
          <Route path="/"><Redirect to={paths.account} replace /></Route>
          <Route path={paths.signUp}><SignUp /></Route>
          <Route path={paths.logIn}><LogIn /></Route>
          <Route path={paths.logInByEmail}><LogInByEmail /></Route>
          <Route path={paths.magicLink}><MagicLink /></Route>
          <Route path={paths.secondStep}><SecondStep /></Route>
          <Route path={paths.signedIn}><SignedIn /></Route>
          <Route path={paths.forgotPassword}><ForgotPassword /></Route>
          <Route path={paths.verifyEmail}><VerifyEmail /></Route>
          <Route path={paths.resetPassword}><ResetPassword /></Route>
          <Route path={paths.acceptInvitation}><AcceptInvitation /></Route>
          <Route path={paths.confirmEmailChange}><ConfirmEmailChange /></Route>
          <Route path={paths.notMe}><NotMe /></Route>
          <Route path={paths.secureAccount}><SecureAccount /></Route>
          <Route path={paths.undoEmailChange}><UndoEmailChange /></Route>
          <Route path={paths.account}><RequireLogin><AccountPage /></RequireLogin></Route>
          <Route path={paths.factors}><RequireLogin><Factors /></RequireLogin></Route>
          <Route><Screen title="Page not found" below={<Link href={paths.account}>Go to your account</Link>} /></Route>
        </Switch>
      </main>
      <Footer />
    </Kit>
  );
}

/** The kit, with the router of this example. */
function Kit({ children }: { children: ReactNode }) {
  const [path, go] = useLocation();
  const notice = useHistoryState<Visit | null>()?.notice;
  const navigate = useCallback((to: string, { replace = false, notice }: Visit = {}) => {
    go(to, { replace, state: { notice } });
  }, [go]);
  forgetElsewhere(path);
  return <KitProvider navigate={navigate} notice={notice}>{children}</KitProvider>;
}

function Header() {
  const { user } = useAccount();
  return (
    <header>
      <nav aria-label="Main">
        <Link href="/" className="brand"><Logo />{settings.brand}</Link>
        {user === null && <><Link href={paths.logIn}>Log in</Link><Link href={paths.signUp}>Sign up</Link></>}
        {user && <><Link href={paths.account}>Account</Link><LogOut /></>}
      </nav>
    </header>
  );
}

function Footer() {
  return (
    <footer>
      <p>An example for the Credential Management Service.</p>
      <details>
        <summary>Developer options</summary>
        <TokenStorage />
      </details>
    </footer>
  );
}

/** Your project uses only one of these: see `wantsCookies()` in kit/account.tsx. */
function TokenStorage() {
  const { user } = useAccount();
  const [cookies, setCookies] = useState(service.session.cookies);
  const change = () => {
    keepTokens(cookies ? "page" : "cookies");
    setCookies(!cookies);
  };
  return (
    <p>
      <label>
        <input type="checkbox" role="switch" checked={cookies} disabled={user !== null} onChange={change} />
        Keep tokens in cookies
      </label>
      <span>{user === null ? "Applies to the next login." : "Log out to change it."}</span>
    </p>
  );
}
