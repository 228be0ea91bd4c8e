// The components of the kit. README.md, two folders up, explains how to copy them.
import "./arrival"; // first: it removes the token of a link from the URL, before anything is rendered
import "./theme.css";
import "./kit.css";

export { AccountProvider, keepTokens, service, useAccount, useUser } from "./account";
export { AccountPage } from "./account-page";
export { forgetElsewhere } from "./arrival";
export { ConfirmEmailChange, NotMe, SecureAccount, UndoEmailChange } from "./email-links";
export { Button, Field, Form, Message } from "./form";
export { CodeField } from "./code-field";
export { LogInByEmail, MagicLink } from "./email-login";
export { Factors } from "./factors";
export { ForgotPassword } from "./forgot-password";
export { LogIn } from "./log-in";
export { LogOut } from "./log-out";
export { Logo } from "./logo";
export { type Navigate, type Visit, useNavigation } from "./navigation";
export { NewPasswordField, PasswordField } from "./password-field";
export { KitProvider } from "./provider";
export { ProviderMark } from "./provider-mark";
export { Providers } from "./providers";
export { useConfirmed } from "./reauthentication";
export { RequireLogin } from "./require-login";
export { AcceptInvitation, ResetPassword } from "./reset-password";
export { Screen } from "./screen";
export { SecondStep } from "./second-step";
export { sentence } from "./sentences";
export { settings } from "./settings";
export { SignUp } from "./sign-up";
export { SignedIn } from "./signed-in";
export { VerifyEmail } from "./verify-email";
