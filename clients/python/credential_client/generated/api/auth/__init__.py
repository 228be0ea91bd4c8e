"""What the service can do about `auth`."""

from typing import Any, Literal, cast

from ...client import AuthenticatedClient
from ...models.auth_verify_acr_item import AuthVerifyAcrItem
from ...models.bearer_token import BearerToken
from ...models.ceremony_options import CeremonyOptions
from ...models.challenge import Challenge
from ...models.change_password import ChangePassword
from ...models.email_only import EmailOnly
from ...models.email_proof import EmailProof
from ...models.link_proof import LinkProof
from ...models.link_sent import LinkSent
from ...models.log_in import LogIn
from ...models.logged_in import LoggedIn
from ...models.message import Message
from ...models.mfa_sms import MfaSms
from ...models.mfa_token import MfaToken
from ...models.new_link import NewLink
from ...models.o_auth_problem import OAuthProblem
from ...models.passkey_login import PasskeyLogin
from ...models.passkey_sign_up import PasskeySignUp
from ...models.passkey_sign_up_options import PasskeySignUpOptions
from ...models.presence import Presence
from ...models.reauthentication_sms import ReauthenticationSms
from ...models.refresh import Refresh
from ...models.reset_password import ResetPassword
from ...models.reset_request import ResetRequest
from ...models.second_step import SecondStep
from ...models.secure_account import SecureAccount
from ...models.sign_up import SignUp
from ...models.sign_up_accepted import SignUpAccepted
from ...models.signed_up import SignedUp
from ...models.sms_sent import SmsSent
from ...models.token_only import TokenOnly
from ...models.token_request import TokenRequest
from ...models.tokens import Tokens
from ...models.user import User
from ...types import UNSET, Unset
from . import (
    auth_captcha_challenge,
    auth_change_password,
    auth_complete_login,
    auth_confirm_magic_link,
    auth_disown,
    auth_log_in_with_passkey,
    auth_login,
    auth_logout,
    auth_logout_all,
    auth_passkey_options,
    auth_passkey_signup_options,
    auth_reauthenticate,
    auth_reauthentication_options,
    auth_refresh,
    auth_request_magic_link,
    auth_request_password_reset,
    auth_resend_verification,
    auth_reset_password,
    auth_second_step_options,
    auth_secure_account,
    auth_send_reauthentication_code,
    auth_send_second_step_code,
    auth_sign_up_with_passkey,
    auth_signup,
    auth_token,
    auth_undo_email_change,
    auth_verify,
    auth_verify_email,
)


class Operations:
    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def signup(
        self,
        *,
        body: SignUp,
        use_cookies: bool | Unset = False,
    ) -> SignedUp | SignUpAccepted:
        """Sign up with email and password."""
        client = self._client
        return cast(
            SignedUp | SignUpAccepted,
            auth_signup.sync_detailed(
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def login(
        self,
        *,
        body: LogIn,
        use_cookies: bool | Unset = False,
    ) -> Tokens:
        """Log in with email and password."""
        client = self._client
        return cast(
            Tokens,
            auth_login.sync_detailed(
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def token(
        self,
        *,
        body: TokenRequest,
    ) -> Tokens:
        """Get tokens with an OAuth 2 grant."""
        client = self._client
        return cast(
            Tokens,
            auth_token.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def refresh(
        self,
        *,
        body: None | Refresh | Unset = UNSET,
        use_cookies: bool | Unset = False,
    ) -> Tokens:
        """Exchange a refresh token for new tokens."""
        client = self._client
        return cast(
            Tokens,
            auth_refresh.sync_detailed(
                client=client,
                body=None if isinstance(body, Unset) else body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def logout(
        self,
        *,
        body: None | Refresh | Unset = UNSET,
        use_cookies: bool | Unset = False,
    ) -> None:
        """Log out of the current session."""
        client = self._client
        return cast(
            None,
            auth_logout.sync_detailed(
                client=client,
                body=None if isinstance(body, Unset) else body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def logout_all(
        self,
        *,
        body: None | Refresh | Unset = UNSET,
        api_keys: bool | Unset = False,
        use_cookies: bool | Unset = False,
    ) -> None:
        """Log out of all sessions."""
        client = self._client
        return cast(
            None,
            auth_logout_all.sync_detailed(
                client=client,
                body=None if isinstance(body, Unset) else body,
                api_keys=api_keys,
                use_cookies=use_cookies,
            ).parsed,
        )

    def verify_email(
        self,
        *,
        body: EmailProof,
    ) -> User:
        """Verify an email address, or confirm an email change."""
        client = self._client
        return cast(
            User,
            auth_verify_email.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def resend_verification(
        self,
        *,
        body: EmailOnly,
    ) -> Message:
        """Resend the verification email."""
        client = self._client
        return cast(
            Message,
            auth_resend_verification.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def disown(
        self,
        *,
        body: TokenOnly,
    ) -> Message:
        """Report an unauthorized sign-up."""
        client = self._client
        return cast(
            Message,
            auth_disown.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def request_password_reset(
        self,
        *,
        body: ResetRequest,
    ) -> Message:
        """Request a password reset email."""
        client = self._client
        return cast(
            Message,
            auth_request_password_reset.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def reset_password(
        self,
        *,
        body: ResetPassword,
    ) -> Message:
        """Set a new password with the token from a password reset link."""
        client = self._client
        return cast(
            Message,
            auth_reset_password.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def secure_account(
        self,
        *,
        body: SecureAccount,
    ) -> Message:
        """Secure an account after an unauthorized password reset."""
        client = self._client
        return cast(
            Message,
            auth_secure_account.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def undo_email_change(
        self,
        *,
        body: TokenOnly,
    ) -> User:
        """Undo a change of the email address."""
        client = self._client
        return cast(
            User,
            auth_undo_email_change.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def change_password(
        self,
        *,
        body: ChangePassword,
    ) -> Message:
        """Change the password."""
        client = self._client
        return cast(
            Message,
            auth_change_password.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def complete_login(
        self,
        *,
        body: SecondStep,
        use_cookies: bool | Unset = False,
    ) -> Tokens:
        """Complete a login with the second factor."""
        client = self._client
        return cast(
            Tokens,
            auth_complete_login.sync_detailed(
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def second_step_options(
        self,
        *,
        body: MfaToken,
    ) -> CeremonyOptions:
        """Get the options to use a passkey or security key as the second factor."""
        client = self._client
        return cast(
            CeremonyOptions,
            auth_second_step_options.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def passkey_options(
        self,
    ) -> CeremonyOptions:
        """Get the options to log in with a passkey."""
        client = self._client
        return cast(
            CeremonyOptions,
            auth_passkey_options.sync_detailed(
                client=client,
            ).parsed,
        )

    def log_in_with_passkey(
        self,
        *,
        body: PasskeyLogin,
        use_cookies: bool | Unset = False,
    ) -> Tokens:
        """Log in with a passkey."""
        client = self._client
        return cast(
            Tokens,
            auth_log_in_with_passkey.sync_detailed(
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def reauthenticate(
        self,
        *,
        body: Presence,
        use_cookies: bool | Unset = False,
    ) -> BearerToken:
        """Authenticate again in the current session, and get a new access token (RFC 9470)."""
        client = self._client
        return cast(
            BearerToken,
            auth_reauthenticate.sync_detailed(
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def reauthentication_options(
        self,
    ) -> CeremonyOptions:
        """Get the options to use a passkey for re-authentication."""
        client = self._client
        return cast(
            CeremonyOptions,
            auth_reauthentication_options.sync_detailed(
                client=client,
            ).parsed,
        )

    def send_second_step_code(
        self,
        *,
        body: MfaSms,
    ) -> SmsSent:
        """Send a code by text message for the second step of a login."""
        client = self._client
        return cast(
            SmsSent,
            auth_send_second_step_code.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def send_reauthentication_code(
        self,
        *,
        body: None | ReauthenticationSms | Unset = UNSET,
    ) -> SmsSent:
        """Send a code by text message for re-authentication."""
        client = self._client
        return cast(
            SmsSent,
            auth_send_reauthentication_code.sync_detailed(
                client=client,
                body=None if isinstance(body, Unset) else body,
            ).parsed,
        )

    def request_magic_link(
        self,
        *,
        body: NewLink,
    ) -> LinkSent:
        """Send an email with a link and a 6-digit code to log in."""
        client = self._client
        return cast(
            LinkSent,
            auth_request_magic_link.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def confirm_magic_link(
        self,
        *,
        body: LinkProof,
        use_cookies: bool | Unset = False,
    ) -> LoggedIn:
        """Log in with the `token` of the link, or with `email` and `code`."""
        client = self._client
        return cast(
            LoggedIn,
            auth_confirm_magic_link.sync_detailed(
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def passkey_signup_options(
        self,
        *,
        body: PasskeySignUpOptions,
    ) -> CeremonyOptions:
        """Get the options to create the passkey of a new account."""
        client = self._client
        return cast(
            CeremonyOptions,
            auth_passkey_signup_options.sync_detailed(
                client=client,
                body=body,
            ).parsed,
        )

    def sign_up_with_passkey(
        self,
        *,
        body: PasskeySignUp,
        use_cookies: bool | Unset = False,
    ) -> SignedUp | SignUpAccepted:
        """Sign up with a passkey in place of a password."""
        client = self._client
        return cast(
            SignedUp | SignUpAccepted,
            auth_sign_up_with_passkey.sync_detailed(
                client=client,
                body=body,
                use_cookies=use_cookies,
            ).parsed,
        )

    def captcha_challenge(
        self,
    ) -> Challenge:
        """Get a proof of work, in the form of ALTCHA."""
        client = self._client
        return cast(
            Challenge,
            auth_captcha_challenge.sync_detailed(
                client=client,
            ).parsed,
        )

    def verify(
        self,
        *,
        permission: list[str] | Unset = UNSET,
        role: list[str] | Unset = UNSET,
        acr: list[AuthVerifyAcrItem] | Unset = UNSET,
        login: list[str] | Unset = UNSET,
    ) -> Any:
        """Verify a request for a reverse proxy."""
        client = self._client
        return cast(
            Any,
            auth_verify.sync_detailed(
                client=client,
                permission=permission,
                role=role,
                acr=acr,
                login=login,
            ).parsed,
        )
