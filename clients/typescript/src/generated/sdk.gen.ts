// Written by `make clients` from the OpenAPI document: change that.

import { type Client, type Options as Options2, type TDataShape, urlSearchParamsBodySerializer } from './client';
import { client } from './client.gen';
import type { AdminChangeApiKeyData, AdminChangeApiKeyErrors, AdminChangeApiKeyResponses, AdminChangeClientData, AdminChangeClientErrors, AdminChangeClientResponses, AdminChangeRoleData, AdminChangeRoleErrors, AdminChangeRoleResponses, AdminChangeUserData, AdminChangeUserErrors, AdminChangeUserResponses, AdminChangeWebhookData, AdminChangeWebhookErrors, AdminChangeWebhookResponses, AdminCreateClientData, AdminCreateClientErrors, AdminCreateClientResponses, AdminCreateWebhookData, AdminCreateWebhookErrors, AdminCreateWebhookResponses, AdminDeleteClientData, AdminDeleteClientErrors, AdminDeleteClientResponses, AdminDeleteRoleData, AdminDeleteRoleErrors, AdminDeleteRoleResponses, AdminDeleteUserData, AdminDeleteUserErrors, AdminDeleteUserResponses, AdminDeleteWebhookData, AdminDeleteWebhookErrors, AdminDeleteWebhookResponses, AdminEndApiKeyData, AdminEndApiKeyErrors, AdminEndApiKeyResponses, AdminImpersonateData, AdminImpersonateErrors, AdminImpersonateResponses, AdminInviteUserData, AdminInviteUserErrors, AdminInviteUserResponses, AdminListApiKeysOfUsersData, AdminListApiKeysOfUsersErrors, AdminListApiKeysOfUsersResponses, AdminListClientsData, AdminListClientsErrors, AdminListClientsResponses, AdminListDeliveriesData, AdminListDeliveriesErrors, AdminListDeliveriesResponses, AdminListRolesData, AdminListRolesErrors, AdminListRolesResponses, AdminListUserFactorsData, AdminListUserFactorsErrors, AdminListUserFactorsResponses, AdminListUsersData, AdminListUsersErrors, AdminListUsersResponses, AdminListWebhooksData, AdminListWebhooksErrors, AdminListWebhooksResponses, AdminLogoutUserData, AdminLogoutUserErrors, AdminLogoutUserResponses, AdminMakeRoleData, AdminMakeRoleErrors, AdminMakeRoleResponses, AdminReadAuditData, AdminReadAuditErrors, AdminReadAuditResponses, AdminReadClientData, AdminReadClientErrors, AdminReadClientResponses, AdminReadFunnelData, AdminReadFunnelErrors, AdminReadFunnelResponses, AdminReadRoleData, AdminReadRoleErrors, AdminReadRoleResponses, AdminReadStatsData, AdminReadStatsErrors, AdminReadStatsResponses, AdminReadUserData, AdminReadUserErrors, AdminReadUserResponses, AdminReadWebhookData, AdminReadWebhookErrors, AdminReadWebhookResponses, AdminReplayEventsData, AdminReplayEventsErrors, AdminReplayEventsResponses, AdminResetFactorsData, AdminResetFactorsErrors, AdminResetFactorsResponses, AdminRetryDeliveryData, AdminRetryDeliveryErrors, AdminRetryDeliveryResponses, AdminRotateClientSecretData, AdminRotateClientSecretErrors, AdminRotateClientSecretResponses, AdminRotateWebhookSecretData, AdminRotateWebhookSecretErrors, AdminRotateWebhookSecretResponses, AdminSendPasswordResetData, AdminSendPasswordResetErrors, AdminSendPasswordResetResponses, AdminSetUserRolesData, AdminSetUserRolesErrors, AdminSetUserRolesResponses, AdminTestWebhookData, AdminTestWebhookErrors, AdminTestWebhookResponses, AuthCaptchaChallengeData, AuthCaptchaChallengeErrors, AuthCaptchaChallengeResponses, AuthChangePasswordData, AuthChangePasswordErrors, AuthChangePasswordResponses, AuthCompleteLoginData, AuthCompleteLoginErrors, AuthCompleteLoginResponses, AuthConfirmMagicLinkData, AuthConfirmMagicLinkErrors, AuthConfirmMagicLinkResponses, AuthDisownData, AuthDisownErrors, AuthDisownResponses, AuthLoginData, AuthLoginErrors, AuthLoginResponses, AuthLogInWithPasskeyData, AuthLogInWithPasskeyErrors, AuthLogInWithPasskeyResponses, AuthLogoutAllData, AuthLogoutAllErrors, AuthLogoutAllResponses, AuthLogoutData, AuthLogoutErrors, AuthLogoutResponses, AuthPasskeyOptionsData, AuthPasskeyOptionsErrors, AuthPasskeyOptionsResponses, AuthPasskeySignupOptionsData, AuthPasskeySignupOptionsErrors, AuthPasskeySignupOptionsResponses, AuthReauthenticateData, AuthReauthenticateErrors, AuthReauthenticateResponses, AuthReauthenticationOptionsData, AuthReauthenticationOptionsErrors, AuthReauthenticationOptionsResponses, AuthRefreshData, AuthRefreshErrors, AuthRefreshResponses, AuthRequestMagicLinkData, AuthRequestMagicLinkErrors, AuthRequestMagicLinkResponses, AuthRequestPasswordResetData, AuthRequestPasswordResetErrors, AuthRequestPasswordResetResponses, AuthResendVerificationData, AuthResendVerificationErrors, AuthResendVerificationResponses, AuthResetPasswordData, AuthResetPasswordErrors, AuthResetPasswordResponses, AuthSecondStepOptionsData, AuthSecondStepOptionsErrors, AuthSecondStepOptionsResponses, AuthSecureAccountData, AuthSecureAccountErrors, AuthSecureAccountResponses, AuthSendReauthenticationCodeData, AuthSendReauthenticationCodeErrors, AuthSendReauthenticationCodeResponses, AuthSendSecondStepCodeData, AuthSendSecondStepCodeErrors, AuthSendSecondStepCodeResponses, AuthSignupData, AuthSignupErrors, AuthSignupResponses, AuthSignUpWithPasskeyData, AuthSignUpWithPasskeyErrors, AuthSignUpWithPasskeyResponses, AuthTokenData, AuthTokenErrors, AuthTokenResponses, AuthUndoEmailChangeData, AuthUndoEmailChangeErrors, AuthUndoEmailChangeResponses, AuthVerifyData, AuthVerifyEmailData, AuthVerifyEmailErrors, AuthVerifyEmailResponses, AuthVerifyErrors, AuthVerifyResponses, InternalIntrospectData, InternalIntrospectErrors, InternalIntrospectResponses, InternalListUsersData, InternalListUsersErrors, InternalListUsersResponses, InternalLookupUsersData, InternalLookupUsersErrors, InternalLookupUsersResponses, InternalReadEventsData, InternalReadEventsErrors, InternalReadEventsResponses, InternalReadUserData, InternalReadUserErrors, InternalReadUserResponses, Oauth2AuthorizeDeviceData, Oauth2AuthorizeDeviceErrors, Oauth2AuthorizeDeviceResponses, Oauth2ChangeRegistrationData, Oauth2ChangeRegistrationErrors, Oauth2ChangeRegistrationResponses, Oauth2ConfigurationData, Oauth2ConfigurationErrors, Oauth2ConfigurationResponses, Oauth2GetUserinfoData, Oauth2GetUserinfoErrors, Oauth2GetUserinfoResponses, Oauth2IntrospectData, Oauth2IntrospectErrors, Oauth2IntrospectResponses, Oauth2JwksData, Oauth2JwksErrors, Oauth2JwksResponses, Oauth2ListRevocationsData, Oauth2ListRevocationsErrors, Oauth2ListRevocationsResponses, Oauth2PostUserinfoData, Oauth2PostUserinfoErrors, Oauth2PostUserinfoResponses, Oauth2ProtectedResourceData, Oauth2ProtectedResourceErrors, Oauth2ProtectedResourceResponses, Oauth2PushData, Oauth2PushErrors, Oauth2PushResponses, Oauth2ReadRegistrationData, Oauth2ReadRegistrationErrors, Oauth2ReadRegistrationResponses, Oauth2RegisterData, Oauth2RegisterErrors, Oauth2RegisterResponses, Oauth2RemoveRegistrationData, Oauth2RemoveRegistrationErrors, Oauth2RemoveRegistrationResponses, Oauth2RevokeData, Oauth2RevokeErrors, Oauth2RevokeResponses, Oauth2TokenData, Oauth2TokenErrors, Oauth2TokenResponses, OauthCallbackData, OauthCallbackErrors, OauthCallbackResponses, OauthExchangeData, OauthExchangeErrors, OauthExchangeResponses, OauthLinkProviderData, OauthLinkProviderErrors, OauthLinkProviderResponses, OauthListProvidersData, OauthListProvidersErrors, OauthListProvidersResponses, OauthPostedCallbackData, OauthPostedCallbackErrors, OauthPostedCallbackResponses, OauthStartData, OauthStartErrors, SystemHealthData, SystemHealthResponses, SystemMailboxData, SystemMailboxErrors, SystemMailboxResponses, SystemPasskeyEndpointsData, SystemPasskeyEndpointsErrors, SystemPasskeyEndpointsResponses, SystemReadMetricsData, SystemReadMetricsErrors, SystemReadMetricsResponses, SystemReadyData, SystemReadyErrors, SystemReadyResponses, SystemRelatedOriginsData, SystemRelatedOriginsErrors, SystemRelatedOriginsResponses, SystemSecurityContactData, SystemSecurityContactErrors, SystemSecurityContactResponses, SystemWelcomeData, SystemWelcomeErrors, SystemWelcomeResponses, UsersAddPasskeyData, UsersAddPasskeyErrors, UsersAddPasskeyResponses, UsersBeginSmsData, UsersBeginSmsErrors, UsersBeginSmsResponses, UsersBeginTotpData, UsersBeginTotpErrors, UsersBeginTotpResponses, UsersChangeEmailData, UsersChangeEmailErrors, UsersChangeEmailResponses, UsersConfirmSmsData, UsersConfirmSmsErrors, UsersConfirmSmsResponses, UsersConfirmTotpData, UsersConfirmTotpErrors, UsersConfirmTotpResponses, UsersCreateApiKeyData, UsersCreateApiKeyErrors, UsersCreateApiKeyResponses, UsersDeleteApiKeyData, UsersDeleteApiKeyErrors, UsersDeleteApiKeyResponses, UsersDeleteMeData, UsersDeleteMeErrors, UsersDeleteMeResponses, UsersEndGrantData, UsersEndGrantErrors, UsersEndGrantResponses, UsersEndSessionData, UsersEndSessionErrors, UsersEndSessionResponses, UsersExportMeData, UsersExportMeErrors, UsersExportMeResponses, UsersForgetTrustedDeviceData, UsersForgetTrustedDeviceErrors, UsersForgetTrustedDeviceResponses, UsersListActivityData, UsersListActivityErrors, UsersListActivityResponses, UsersListAllData, UsersListAllErrors, UsersListAllResponses, UsersListApiKeysData, UsersListApiKeysErrors, UsersListApiKeysResponses, UsersListFactorsData, UsersListFactorsErrors, UsersListFactorsResponses, UsersListGrantsData, UsersListGrantsErrors, UsersListGrantsResponses, UsersListIdentitiesData, UsersListIdentitiesErrors, UsersListIdentitiesResponses, UsersListSessionsData, UsersListSessionsErrors, UsersListSessionsResponses, UsersListTrustedDevicesData, UsersListTrustedDevicesErrors, UsersListTrustedDevicesResponses, UsersMeData, UsersMeErrors, UsersMeResponses, UsersNewPasskeyOptionsData, UsersNewPasskeyOptionsErrors, UsersNewPasskeyOptionsResponses, UsersReadData, UsersReadErrors, UsersReadResponses, UsersRemoveFactorData, UsersRemoveFactorErrors, UsersRemoveFactorResponses, UsersRenameApiKeyData, UsersRenameApiKeyErrors, UsersRenameApiKeyResponses, UsersRenameFactorData, UsersRenameFactorErrors, UsersRenameFactorResponses, UsersReplaceRecoveryCodesData, UsersReplaceRecoveryCodesErrors, UsersReplaceRecoveryCodesResponses, UsersResendSmsData, UsersResendSmsErrors, UsersResendSmsResponses, UsersRotateApiKeyData, UsersRotateApiKeyErrors, UsersRotateApiKeyResponses, UsersUnlinkProviderData, UsersUnlinkProviderErrors, UsersUnlinkProviderResponses, UsersUpdateMeData, UsersUpdateMeErrors, UsersUpdateMeResponses } from './types.gen';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean> = Options2<TData, ThrowOnError> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};

class HeyApiClient {
    protected client: Client;
    
    constructor(args?: {
        client?: Client;
    }) {
        this.client = args?.client ?? client;
    }
}

class HeyApiRegistry<T> {
    private readonly defaultKey = 'default';
    
    private readonly instances: Map<string, T> = new Map();
    
    get(key?: string): T {
        const instance = this.instances.get(key ?? this.defaultKey);
        if (!instance) {
            throw new Error(`No SDK client found. Create one with "new Operations()" to fix this error.`);
        }
        return instance;
    }
    
    set(value: T, key?: string): void {
        this.instances.set(key ?? this.defaultKey, value);
    }
}

export class Auth extends HeyApiClient {
    /**
     * Sign up with email and password
     *
     * Sign up with email and password. If the account may log in immediately, the response contains its tokens.
     *
     * With `PASSWORD_OPTIONAL`, the password can be omitted: the response is a 202 with a `flow`, and the account is
     * created with the link or code in the email (`POST /auth/magic-link/confirm`).
     */
    public signup<ThrowOnError extends boolean = true>(options: Options<AuthSignupData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthSignupResponses, AuthSignupErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/signup',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Log in with email and password
     *
     * Log in with email and password.
     *
     * The response and its timing are the same for an unknown email address and for a wrong password.
     */
    public login<ThrowOnError extends boolean = true>(options: Options<AuthLoginData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthLoginResponses, AuthLoginErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/login',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get tokens with an OAuth 2 grant
     *
     * Get tokens with an OAuth 2 grant.
     *
     * Supports the `password` and `refresh_token` grants of RFC 6749, for OAuth 2 libraries and for the Authorize button
     * of this documentation. Errors have the form that the RFC defines: `{"error", "error_description"}`.
     */
    public token<ThrowOnError extends boolean = true>(options: Options<AuthTokenData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthTokenResponses, AuthTokenErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/auth/token',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Exchange a refresh token for new tokens
     *
     * Exchange a refresh token for new tokens.
     *
     * For a few seconds the previous refresh token gets the same new refresh token. Reusing an older one ends the session.
     */
    public refresh<ThrowOnError extends boolean = true>(options?: Options<AuthRefreshData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthRefreshResponses, AuthRefreshErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/refresh',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Log out of the current session
     *
     * Log out of the current session. If the access token has expired, send the refresh token in the body.
     *
     * In cookie mode, an administrator who impersonates a user returns to their own session.
     */
    public logout<ThrowOnError extends boolean = true>(options?: Options<AuthLogoutData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthLogoutResponses, AuthLogoutErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/logout',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Log out of all sessions
     *
     * Log out of all sessions.
     */
    public logoutAll<ThrowOnError extends boolean = true>(options?: Options<AuthLogoutAllData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthLogoutAllResponses, AuthLogoutAllErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/logout-all',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Verify an email address, or confirm an email change
     *
     * Verify an email address, or confirm an email change.
     *
     * Send the `token` from the link, or `email` and the 6-digit `code`. All other sessions end; the session whose access
     * token the request carries continues.
     */
    public verifyEmail<ThrowOnError extends boolean = true>(options: Options<AuthVerifyEmailData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthVerifyEmailResponses, AuthVerifyEmailErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/verify-email',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Resend the verification email
     *
     * Resend the verification email. The previous link and code stop working.
     *
     * The response is the same whether or not an account exists.
     */
    public resendVerification<ThrowOnError extends boolean = true>(options: Options<AuthResendVerificationData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthResendVerificationResponses, AuthResendVerificationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/resend-verification',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Report an unauthorized sign-up
     *
     * Report an unauthorized sign-up.
     *
     * Deletes the account that another person created with your email address, if the address was never verified.
     */
    public disown<ThrowOnError extends boolean = true>(options: Options<AuthDisownData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthDisownResponses, AuthDisownErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/disown',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Request a password reset email
     *
     * Request a password reset email. The response is the same whether or not an account exists.
     */
    public requestPasswordReset<ThrowOnError extends boolean = true>(options: Options<AuthRequestPasswordResetData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthRequestPasswordResetResponses, AuthRequestPasswordResetErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/reset-password/request',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Set a new password with the token from a password reset link
     *
     * Set a new password with the token from a password reset link.
     *
     * All sessions end and all other links become invalid.
     */
    public resetPassword<ThrowOnError extends boolean = true>(options: Options<AuthResetPasswordData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthResetPasswordResponses, AuthResetPasswordErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/reset-password/confirm',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Secure an account after an unauthorized password reset
     *
     * Secure an account after an unauthorized password reset.
     *
     * Send the `token` from the email about the password reset. All sessions end, linked providers are removed, and all
     * open links become invalid. With a `code`, a `recovery_code` or a passkey (options from `POST
     * /auth/passkeys/options`), all other factors are removed too. Without one they are removed after 72 hours, unless
     * someone logs in with one of them before.
     */
    public secureAccount<ThrowOnError extends boolean = true>(options: Options<AuthSecureAccountData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthSecureAccountResponses, AuthSecureAccountErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/secure-account',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Undo a change of the email address
     *
     * Undo a change of the email address.
     *
     * Send the `token` from the email to the old address, which is valid for 7 days. All sessions end, and linked
     * providers and a new password that were added since the change are removed.
     */
    public undoEmailChange<ThrowOnError extends boolean = true>(options: Options<AuthUndoEmailChangeData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthUndoEmailChangeResponses, AuthUndoEmailChangeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/undo-email-change',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Change the password
     *
     * Change the password.
     *
     * All other sessions end, all open links become invalid, and the owner is notified by email.
     */
    public changePassword<ThrowOnError extends boolean = true>(options: Options<AuthChangePasswordData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthChangePasswordResponses, AuthChangePasswordErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/change-password',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Complete a login with the second factor
     *
     * Complete a login with the second factor.
     *
     * Send the `mfa_token` of the 403 `mfa_required` with a `code`, a `recovery_code`, or a `ceremony` and its
     * `credential`. After five wrong attempts, the login must start again.
     */
    public completeLogin<ThrowOnError extends boolean = true>(options: Options<AuthCompleteLoginData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthCompleteLoginResponses, AuthCompleteLoginErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/mfa',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get the options to use a passkey or security key as the second factor
     *
     * Get the options to use a passkey or security key as the second factor.
     */
    public secondStepOptions<ThrowOnError extends boolean = true>(options: Options<AuthSecondStepOptionsData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthSecondStepOptionsResponses, AuthSecondStepOptionsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/mfa/options',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get the options to log in with a passkey
     *
     * Get the options to log in with a passkey.
     *
     * They also work with `mediation: "conditional"`. They do not depend on an account, so they disclose none.
     */
    public passkeyOptions<ThrowOnError extends boolean = true>(options?: Options<AuthPasskeyOptionsData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthPasskeyOptionsResponses, AuthPasskeyOptionsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/passkeys/options',
            ...options
        });
    }
    
    /**
     * Log in with a passkey
     *
     * Log in with a passkey.
     *
     * A passkey that did not verify the user, such as a security key without a PIN, counts as one factor.
     */
    public logInWithPasskey<ThrowOnError extends boolean = true>(options: Options<AuthLogInWithPasskeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthLogInWithPasskeyResponses, AuthLogInWithPasskeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/passkeys',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Authenticate again in the current session, and get a new access token (RFC 9470)
     *
     * Authenticate again in the current session, and get a new access token (RFC 9470).
     *
     * Send the `password`, a factor, or both. Two factors within five minutes raise the session to `aal2`. The refresh
     * token remains valid.
     */
    public reauthenticate<ThrowOnError extends boolean = true>(options: Options<AuthReauthenticateData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthReauthenticateResponses, AuthReauthenticateErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/reauthenticate',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get the options to use a passkey for re-authentication
     *
     * Get the options to use a passkey for re-authentication.
     */
    public reauthenticationOptions<ThrowOnError extends boolean = true>(options?: Options<AuthReauthenticationOptionsData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthReauthenticationOptionsResponses, AuthReauthenticationOptionsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/reauthenticate/options',
            ...options
        });
    }
    
    /**
     * Send a code by text message for the second step of a login
     *
     * Send a code by text message for the second step of a login.
     *
     * Continue with `POST /auth/mfa` and the `code`. At most one message a minute is sent to a number, and five an hour.
     */
    public sendSecondStepCode<ThrowOnError extends boolean = true>(options: Options<AuthSendSecondStepCodeData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthSendSecondStepCodeResponses, AuthSendSecondStepCodeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/mfa/sms',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Send a code by text message for re-authentication
     *
     * Send a code by text message for re-authentication.
     */
    public sendReauthenticationCode<ThrowOnError extends boolean = true>(options?: Options<AuthSendReauthenticationCodeData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthSendReauthenticationCodeResponses, AuthSendReauthenticationCodeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/reauthenticate/sms',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Send an email with a link and a 6-digit code to log in
     *
     * Send an email with a link and a 6-digit code to log in.
     *
     * The link and the code work once, and only with the `flow` of the response, which is also set as a cookie. The
     * response is the same whether or not an account exists. Earlier links and codes stop working.
     */
    public requestMagicLink<ThrowOnError extends boolean = true>(options: Options<AuthRequestMagicLinkData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthRequestMagicLinkResponses, AuthRequestMagicLinkErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/magic-link',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Log in with the `token` of the link, or with `email` and `code`
     *
     * Log in with the `token` of the link, or with `email` and `code`.
     *
     * Send the `flow` of the request for the link, unless the browser sends it as a cookie. Without it, the response is
     * 403 `other_device`, and the link and the code remain valid.
     */
    public confirmMagicLink<ThrowOnError extends boolean = true>(options: Options<AuthConfirmMagicLinkData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthConfirmMagicLinkResponses, AuthConfirmMagicLinkErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/magic-link/confirm',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get the options to create the passkey of a new account
     *
     * Get the options to create the passkey of a new account. They do not disclose whether an account exists.
     */
    public passkeySignupOptions<ThrowOnError extends boolean = true>(options: Options<AuthPasskeySignupOptionsData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthPasskeySignupOptionsResponses, AuthPasskeySignupOptionsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/passkeys/signup/options',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Sign up with a passkey in place of a password
     *
     * Sign up with a passkey in place of a password. The passkey must verify the user.
     *
     * With `EMAIL_VERIFICATION=off`, the response contains tokens. Otherwise the account is created with the link or code
     * in the email (`POST /auth/magic-link/confirm`), in the same browser.
     */
    public signUpWithPasskey<ThrowOnError extends boolean = true>(options: Options<AuthSignUpWithPasskeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthSignUpWithPasskeyResponses, AuthSignUpWithPasskeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/passkeys/signup',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get a proof of work, in the form of ALTCHA
     *
     * Get a proof of work, in the form of ALTCHA.
     *
     * Find the `number` for which SHA-256 of `salt` followed by the number is `challenge`. The `captcha_token` is the
     * Base64 of `{"algorithm", "challenge", "number", "salt", "signature"}` as JSON. It works once, within five minutes.
     * Available only with `CAPTCHA_PROVIDER=altcha`.
     */
    public captchaChallenge<ThrowOnError extends boolean = true>(options?: Options<AuthCaptchaChallengeData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AuthCaptchaChallengeResponses, AuthCaptchaChallengeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/captcha',
            ...options
        });
    }
    
    /**
     * Verify a request for a reverse proxy
     *
     * Verify a request for a reverse proxy.
     *
     * For nginx `auth_request`, Caddy `forward_auth`, Traefik `forwardAuth` and Envoy `ext_authz`.
     * Takes an access token, the access cookie or an API key, with any method. The headers of the response say who sends
     * the request; each is always sent, so that a proxy overwrites what the client sent.
     */
    public verify<ThrowOnError extends boolean = true>(options?: Options<AuthVerifyData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AuthVerifyResponses, AuthVerifyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/verify',
            ...options
        });
    }
}

export class Users extends HeyApiClient {
    /**
     * Delete your account and all data about you
     *
     * Delete your account and all data about you. Takes effect immediately.
     */
    public deleteMe<ThrowOnError extends boolean = true>(options?: Options<UsersDeleteMeData, ThrowOnError>) {
        return (options?.client ?? this.client).delete<UsersDeleteMeResponses, UsersDeleteMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Get your account
     *
     * Get your account.
     */
    public me<ThrowOnError extends boolean = true>(options?: Options<UsersMeData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersMeResponses, UsersMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me',
            ...options
        });
    }
    
    /**
     * Update your display name
     *
     * Update your display name.
     */
    public updateMe<ThrowOnError extends boolean = true>(options: Options<UsersUpdateMeData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UsersUpdateMeResponses, UsersUpdateMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Request a change of your email address
     *
     * Request a change of your email address.
     *
     * The new address gets a link. Nothing changes until its token is confirmed with `POST /auth/verify-email`.
     */
    public changeEmail<ThrowOnError extends boolean = true>(options: Options<UsersChangeEmailData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersChangeEmailResponses, UsersChangeEmailErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/email',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List your sessions, newest first
     *
     * List your sessions, newest first.
     */
    public listSessions<ThrowOnError extends boolean = true>(options?: Options<UsersListSessionsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListSessionsResponses, UsersListSessionsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/sessions',
            ...options
        });
    }
    
    /**
     * End one of your sessions
     *
     * End one of your sessions.
     */
    public endSession<ThrowOnError extends boolean = true>(options: Options<UsersEndSessionData, ThrowOnError>) {
        return (options.client ?? this.client).delete<UsersEndSessionResponses, UsersEndSessionErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/sessions/{session_id}',
            ...options
        });
    }
    
    /**
     * List the events of your account, newest first
     *
     * List the events of your account, newest first.
     */
    public listActivity<ThrowOnError extends boolean = true>(options?: Options<UsersListActivityData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListActivityResponses, UsersListActivityErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/activity',
            ...options
        });
    }
    
    /**
     * Export all data about you, by section
     *
     * Export all data about you, by section. The export contains no secrets.
     */
    public exportMe<ThrowOnError extends boolean = true>(options?: Options<UsersExportMeData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersExportMeResponses, UsersExportMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/export',
            ...options
        });
    }
    
    /**
     * List all accounts, oldest first
     *
     * List all accounts, oldest first. Requires `users:read`. `GET /admin/users` supports search and pages.
     */
    public listAll<ThrowOnError extends boolean = true>(options?: Options<UsersListAllData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListAllResponses, UsersListAllErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users',
            ...options
        });
    }
    
    /**
     * Get an account by `id` or `user_id`
     *
     * Get an account by `id` or `user_id`. Requires `users:read`, except for your own account.
     */
    public read<ThrowOnError extends boolean = true>(options: Options<UsersReadData, ThrowOnError>) {
        return (options.client ?? this.client).get<UsersReadResponses, UsersReadErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/{user_id}',
            ...options
        });
    }
    
    /**
     * List linked identities, oldest first
     *
     * List linked identities, oldest first.
     */
    public listIdentities<ThrowOnError extends boolean = true>(options?: Options<UsersListIdentitiesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListIdentitiesResponses, UsersListIdentitiesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/identities',
            ...options
        });
    }
    
    /**
     * Unlink a provider
     *
     * Unlink a provider. The last login method of an account cannot be removed.
     */
    public unlinkProvider<ThrowOnError extends boolean = true>(options: Options<UsersUnlinkProviderData, ThrowOnError>) {
        return (options.client ?? this.client).delete<UsersUnlinkProviderResponses, UsersUnlinkProviderErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/identities/{provider}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List your second factors and passkeys
     *
     * List your second factors and passkeys.
     */
    public listFactors<ThrowOnError extends boolean = true>(options?: Options<UsersListFactorsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListFactorsResponses, UsersListFactorsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors',
            ...options
        });
    }
    
    /**
     * Set up an authenticator app
     *
     * Set up an authenticator app.
     *
     * It takes effect once it is confirmed with a code, within 15 minutes. A new one replaces an unconfirmed one.
     */
    public beginTotp<ThrowOnError extends boolean = true>(options?: Options<UsersBeginTotpData, ThrowOnError>) {
        return (options?.client ?? this.client).post<UsersBeginTotpResponses, UsersBeginTotpErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/totp',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Confirm an authenticator app with a code that it shows
     *
     * Confirm an authenticator app with a code that it shows.
     *
     * The session is raised to `aal2`. For the account's first factor, the response contains ten recovery codes.
     */
    public confirmTotp<ThrowOnError extends boolean = true>(options: Options<UsersConfirmTotpData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersConfirmTotpResponses, UsersConfirmTotpErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/totp/{factor_id}/confirm',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get the options to create a passkey
     *
     * Get the options to create a passkey.
     */
    public newPasskeyOptions<ThrowOnError extends boolean = true>(options?: Options<UsersNewPasskeyOptionsData, ThrowOnError>) {
        return (options?.client ?? this.client).post<UsersNewPasskeyOptionsResponses, UsersNewPasskeyOptionsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/passkeys/options',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Add a passkey or security key
     *
     * Add a passkey or security key.
     *
     * If `name` is omitted, it is named after its authenticator or this device. For the account's first factor, the
     * response contains ten recovery codes.
     */
    public addPasskey<ThrowOnError extends boolean = true>(options: Options<UsersAddPasskeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersAddPasskeyResponses, UsersAddPasskeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/passkeys',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Remove a factor
     *
     * Remove a factor. With the last one, the recovery codes are removed too.
     */
    public removeFactor<ThrowOnError extends boolean = true>(options: Options<UsersRemoveFactorData, ThrowOnError>) {
        return (options.client ?? this.client).delete<UsersRemoveFactorResponses, UsersRemoveFactorErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/{factor_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Rename a factor
     *
     * Rename a factor.
     */
    public renameFactor<ThrowOnError extends boolean = true>(options: Options<UsersRenameFactorData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UsersRenameFactorResponses, UsersRenameFactorErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/{factor_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Create ten new recovery codes
     *
     * Create ten new recovery codes. The old ones stop working.
     */
    public replaceRecoveryCodes<ThrowOnError extends boolean = true>(options?: Options<UsersReplaceRecoveryCodesData, ThrowOnError>) {
        return (options?.client ?? this.client).post<UsersReplaceRecoveryCodesResponses, UsersReplaceRecoveryCodesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/recovery-codes',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * List the devices that skip the second factor, newest first
     *
     * List the devices that skip the second factor, newest first.
     */
    public listTrustedDevices<ThrowOnError extends boolean = true>(options?: Options<UsersListTrustedDevicesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListTrustedDevicesResponses, UsersListTrustedDevicesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/trusted-devices',
            ...options
        });
    }
    
    /**
     * Remove a trusted device
     *
     * Remove a trusted device. Its next login requires the second factor.
     */
    public forgetTrustedDevice<ThrowOnError extends boolean = true>(options: Options<UsersForgetTrustedDeviceData, ThrowOnError>) {
        return (options.client ?? this.client).delete<UsersForgetTrustedDeviceResponses, UsersForgetTrustedDeviceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/trusted-devices/{device_id}',
            ...options
        });
    }
    
    /**
     * Set up a phone number as a second factor
     *
     * Set up a phone number as a second factor.
     *
     * It takes effect once it is confirmed with the code that is sent to it, within five minutes.
     */
    public beginSms<ThrowOnError extends boolean = true>(options: Options<UsersBeginSmsData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersBeginSmsResponses, UsersBeginSmsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/sms',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Confirm a phone number with a code
     *
     * Confirm a phone number with a code.
     *
     * For the account's first factor, the response contains ten recovery codes.
     */
    public confirmSms<ThrowOnError extends boolean = true>(options: Options<UsersConfirmSmsData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersConfirmSmsResponses, UsersConfirmSmsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/sms/{factor_id}/confirm',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Send a new code to a phone number that is not confirmed yet
     *
     * Send a new code to a phone number that is not confirmed yet.
     */
    public resendSms<ThrowOnError extends boolean = true>(options: Options<UsersResendSmsData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersResendSmsResponses, UsersResendSmsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/factors/sms/{factor_id}/resend',
            ...options
        });
    }
    
    /**
     * List your API keys, newest first, without the keys themselves
     *
     * List your API keys, newest first, without the keys themselves.
     */
    public listApiKeys<ThrowOnError extends boolean = true>(options?: Options<UsersListApiKeysData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListApiKeysResponses, UsersListApiKeysErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/api-keys',
            ...options
        });
    }
    
    /**
     * Create an API key, with which a program acts for you within its scopes
     *
     * Create an API key, with which a program acts for you within its scopes.
     *
     * Scopes are the permissions of roles, `profile` (`GET /users/me`) and `sessions` (`GET /users/me/sessions`). The
     * response contains the key, which is not shown again. Send it as `Authorization: Bearer csk_…` or `X-API-Key`.
     */
    public createApiKey<ThrowOnError extends boolean = true>(options: Options<UsersCreateApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersCreateApiKeyResponses, UsersCreateApiKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/api-keys',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete an API key
     *
     * Delete an API key. It ends at once.
     */
    public deleteApiKey<ThrowOnError extends boolean = true>(options: Options<UsersDeleteApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).delete<UsersDeleteApiKeyResponses, UsersDeleteApiKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/api-keys/{key_id}',
            ...options
        });
    }
    
    /**
     * Rename an API key
     *
     * Rename an API key.
     */
    public renameApiKey<ThrowOnError extends boolean = true>(options: Options<UsersRenameApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UsersRenameApiKeyResponses, UsersRenameApiKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/api-keys/{key_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Replace an API key by a new one with the same id, scopes and end
     *
     * Replace an API key by a new one with the same id, scopes and end.
     *
     * The old one remains valid for `overlap_seconds`: none unless given, a day at most.
     */
    public rotateApiKey<ThrowOnError extends boolean = true>(options: Options<UsersRotateApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersRotateApiKeyResponses, UsersRotateApiKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/api-keys/{key_id}/rotate',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the applications that you have granted access to, newest first
     *
     * List the applications that you have granted access to, newest first.
     */
    public listGrants<ThrowOnError extends boolean = true>(options?: Options<UsersListGrantsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListGrantsResponses, UsersListGrantsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/grants',
            ...options
        });
    }
    
    /**
     * End the access of an application, and all its tokens for you
     *
     * End the access of an application, and all its tokens for you.
     */
    public endGrant<ThrowOnError extends boolean = true>(options: Options<UsersEndGrantData, ThrowOnError>) {
        return (options.client ?? this.client).delete<UsersEndGrantResponses, UsersEndGrantErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/grants/{client_id}',
            ...options
        });
    }
}

export class Oauth2 extends HeyApiClient {
    /**
     * List the sessions and users whose access tokens were revoked before they expired
     *
     * List the sessions and users whose access tokens were revoked before they expired.
     *
     * For services that verify access tokens with the published keys. The list contains what was revoked within the
     * longest lifetime of an access token. Not available with HS256.
     */
    public listRevocations<ThrowOnError extends boolean = true>(options?: Options<Oauth2ListRevocationsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<Oauth2ListRevocationsResponses, Oauth2ListRevocationsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/revocations',
            ...options
        });
    }
    
    /**
     * Get tokens for a code, a refresh token, a device code or a client (RFC 6749)
     *
     * Get tokens for a code, a refresh token, a device code or a client (RFC 6749).
     *
     * Clients authenticate with HTTP Basic, in the form, with `private_key_jwt`, or, if they are public, with `client_id`.
     */
    public token<ThrowOnError extends boolean = true>(options: Options<Oauth2TokenData, ThrowOnError>) {
        return (options.client ?? this.client).post<Oauth2TokenResponses, Oauth2TokenErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth2/token',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Push an authorization request, and get its `request_uri` (RFC 9126)
     *
     * Push an authorization request, and get its `request_uri` (RFC 9126).
     *
     * The `request_uri` is valid once, for a minute. With a DPoP proof, the tokens are bound to its key.
     */
    public push<ThrowOnError extends boolean = true>(options: Options<Oauth2PushData, ThrowOnError>) {
        return (options.client ?? this.client).post<Oauth2PushResponses, Oauth2PushErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth2/par',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Get the claims of the user of an access token with the scope `openid`
     *
     * Get the claims of the user of an access token with the scope `openid`.
     *
     * See OpenID Connect Core 1.0, section 5.3. With `Accept: application/jwt` they are signed.
     */
    public getUserinfo<ThrowOnError extends boolean = true>(options?: Options<Oauth2GetUserinfoData, ThrowOnError>) {
        return (options?.client ?? this.client).get<Oauth2GetUserinfoResponses, Oauth2GetUserinfoErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth2/userinfo',
            ...options
        });
    }
    
    /**
     * Get the claims of the user, with the access token in the header or the form
     *
     * Get the claims of the user, with the access token in the header or the form.
     */
    public postUserinfo<ThrowOnError extends boolean = true>(options?: Options<Oauth2PostUserinfoData, ThrowOnError>) {
        return (options?.client ?? this.client).post<Oauth2PostUserinfoResponses, Oauth2PostUserinfoErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth2/userinfo',
            ...options
        });
    }
    
    /**
     * Get the metadata of the service's own API as a protected resource (RFC 9728)
     *
     * Get the metadata of the service's own API as a protected resource (RFC 9728).
     */
    public protectedResource<ThrowOnError extends boolean = true>(options?: Options<Oauth2ProtectedResourceData, ThrowOnError>) {
        return (options?.client ?? this.client).get<Oauth2ProtectedResourceResponses, Oauth2ProtectedResourceErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/oauth-protected-resource',
            ...options
        });
    }
    
    /**
     * Register an application (RFC 7591)
     *
     * Register an application (RFC 7591).
     *
     * `DYNAMIC_REGISTRATION` decides who may do so. With `token`, send `DYNAMIC_REGISTRATION_TOKEN` as a bearer token.
     * With `open`, only public clients can register. The `registration_access_token` of the response manages the
     * registration (RFC 7592): with `open`, as soon as a user has allowed the application something.
     */
    public register<ThrowOnError extends boolean = true>(options: Options<Oauth2RegisterData, ThrowOnError>) {
        return (options.client ?? this.client).post<Oauth2RegisterResponses, Oauth2RegisterErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth2/register',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a client with its grants and tokens (RFC 7592)
     *
     * Delete a client with its grants and tokens (RFC 7592).
     *
     * Authenticate with its `registration_access_token` as a bearer token.
     */
    public removeRegistration<ThrowOnError extends boolean = true>(options: Options<Oauth2RemoveRegistrationData, ThrowOnError>) {
        return (options.client ?? this.client).delete<Oauth2RemoveRegistrationResponses, Oauth2RemoveRegistrationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth2/register/{client_id}',
            ...options
        });
    }
    
    /**
     * Get the registration of a client (RFC 7592)
     *
     * Get the registration of a client (RFC 7592).
     *
     * Authenticate with its `registration_access_token` as a bearer token.
     */
    public readRegistration<ThrowOnError extends boolean = true>(options: Options<Oauth2ReadRegistrationData, ThrowOnError>) {
        return (options.client ?? this.client).get<Oauth2ReadRegistrationResponses, Oauth2ReadRegistrationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth2/register/{client_id}',
            ...options
        });
    }
    
    /**
     * Replace the metadata of a client (RFC 7592)
     *
     * Replace the metadata of a client (RFC 7592).
     *
     * Authenticate with its `registration_access_token` as a bearer token. What an administrator has decided about the
     * client remains.
     */
    public changeRegistration<ThrowOnError extends boolean = true>(options: Options<Oauth2ChangeRegistrationData, ThrowOnError>) {
        return (options.client ?? this.client).put<Oauth2ChangeRegistrationResponses, Oauth2ChangeRegistrationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth2/register/{client_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get codes for a device without a browser (RFC 8628)
     *
     * Get codes for a device without a browser (RFC 8628).
     *
     * The user enters the `user_code` at `verification_uri`. The device then requests tokens with the grant type
     * `urn:ietf:params:oauth:grant-type:device_code`.
     */
    public authorizeDevice<ThrowOnError extends boolean = true>(options: Options<Oauth2AuthorizeDeviceData, ThrowOnError>) {
        return (options.client ?? this.client).post<Oauth2AuthorizeDeviceResponses, Oauth2AuthorizeDeviceErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth2/device_authorization',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Introspect an access token (RFC 7662)
     *
     * Introspect an access token (RFC 7662).
     *
     * Returns whether the token is valid, and its claims. Authenticate with the service token as a bearer token, or
     * with the secret of any OAuth client: with HTTP Basic, or as `client_secret` in the form. With `OIDC_PROVIDER`, a
     * registered client also sees its own tokens, and an API those with its audience.
     */
    public introspect<ThrowOnError extends boolean = true>(options: Options<Oauth2IntrospectData, ThrowOnError>) {
        return (options.client ?? this.client).post<Oauth2IntrospectResponses, Oauth2IntrospectErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth2/introspect',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Revoke the session of an access or refresh token (RFC 7009)
     *
     * Revoke the session of an access or refresh token (RFC 7009). An unknown token gets 200 too.
     *
     * Authenticate as for introspection.
     */
    public revoke<ThrowOnError extends boolean = true>(options: Options<Oauth2RevokeData, ThrowOnError>) {
        return (options.client ?? this.client).post<Oauth2RevokeResponses, Oauth2RevokeErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth2/revoke',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Get the public keys that verify access tokens (RFC 7517)
     *
     * Get the public keys that verify access tokens (RFC 7517).
     *
     * The set is empty with HS256, whose secret is not public.
     */
    public jwks<ThrowOnError extends boolean = true>(options?: Options<Oauth2JwksData, ThrowOnError>) {
        return (options?.client ?? this.client).get<Oauth2JwksResponses, Oauth2JwksErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/jwks.json',
            ...options
        });
    }
    
    /**
     * Get the authorization server metadata (RFC 8414)
     *
     * Get the authorization server metadata (RFC 8414).
     *
     * Contains the URLs of the keys and of the OAuth 2 endpoints. The same document is at
     * `/.well-known/oauth-authorization-server`.
     */
    public configuration<ThrowOnError extends boolean = true>(options?: Options<Oauth2ConfigurationData, ThrowOnError>) {
        return (options?.client ?? this.client).get<Oauth2ConfigurationResponses, Oauth2ConfigurationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/openid-configuration',
            ...options
        });
    }
}

export class Oauth extends HeyApiClient {
    /**
     * List the configured OAuth providers
     *
     * List the configured OAuth providers.
     */
    public listProviders<ThrowOnError extends boolean = true>(options?: Options<OauthListProvidersData, ThrowOnError>) {
        return (options?.client ?? this.client).get<OauthListProvidersResponses, OauthListProvidersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/providers',
            ...options
        });
    }
    
    /**
     * Exchange a one-time code for tokens
     *
     * Exchange a one-time code for tokens.
     *
     * The code of a login with a provider is valid for 60 seconds and works once.
     */
    public exchange<ThrowOnError extends boolean = true>(options: Options<OauthExchangeData, ThrowOnError>) {
        return (options.client ?? this.client).post<OauthExchangeResponses, OauthExchangeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/exchange',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Start an OAuth flow
     *
     * Start an OAuth flow. Open this URL in the browser as a link; a script cannot request it.
     *
     * The browser returns to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with `?error=<code>`.
     * Without `redirect_to` the callback responds with the tokens.
     */
    public start<ThrowOnError extends boolean = true>(options: Options<OauthStartData, ThrowOnError>) {
        return (options.client ?? this.client).get<unknown, OauthStartErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/{provider}',
            ...options
        });
    }
    
    /**
     * Link a provider to your account
     *
     * Link a provider to your account.
     *
     * Redirect the browser to the `authorization_url` of the response. The response sets a cookie, so send the request
     * with credentials included.
     */
    public linkProvider<ThrowOnError extends boolean = true>(options: Options<OauthLinkProviderData, ThrowOnError>) {
        return (options.client ?? this.client).post<OauthLinkProviderResponses, OauthLinkProviderErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/{provider}/link',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Finish an OAuth flow
     *
     * Finish an OAuth flow. The provider redirects the browser here; clients do not request this URL.
     */
    public callback<ThrowOnError extends boolean = true>(options: Options<OauthCallbackData, ThrowOnError>) {
        return (options.client ?? this.client).get<OauthCallbackResponses, OauthCallbackErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/{provider}/callback',
            ...options
        });
    }
    
    /**
     * Finish an OAuth flow of a provider that posts a form, such as Apple
     *
     * Finish an OAuth flow of a provider that posts a form, such as Apple.
     */
    public postedCallback<ThrowOnError extends boolean = true>(options: Options<OauthPostedCallbackData, ThrowOnError>) {
        return (options.client ?? this.client).post<OauthPostedCallbackResponses, OauthPostedCallbackErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth/{provider}/callback',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
}

export class Admin extends HeyApiClient {
    /**
     * Remove all factors, recovery codes and trusted devices of an account
     *
     * Remove all factors, recovery codes and trusted devices of an account. Requires `users:write`.
     *
     * All sessions end, and the owner is notified. Use it for users who have lost all factors, after you have verified
     * their identity.
     */
    public resetFactors<ThrowOnError extends boolean = true>(options: Options<AdminResetFactorsData, ThrowOnError>) {
        return (options.client ?? this.client).delete<AdminResetFactorsResponses, AdminResetFactorsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/factors',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the factors of an account
     *
     * List the factors of an account. Requires `users:read`.
     */
    public listUserFactors<ThrowOnError extends boolean = true>(options: Options<AdminListUserFactorsData, ThrowOnError>) {
        return (options.client ?? this.client).get<AdminListUserFactorsResponses, AdminListUserFactorsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/factors',
            ...options
        });
    }
    
    /**
     * Search accounts, newest first
     *
     * Search accounts, newest first. Requires `users:read`.
     *
     * Pages are stable while users sign up: each page begins after the last account of the previous one.
     */
    public listUsers<ThrowOnError extends boolean = true>(options?: Options<AdminListUsersData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminListUsersResponses, AdminListUsersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users',
            ...options
        });
    }
    
    /**
     * Invite a user
     *
     * Invite a user. Requires `users:write`.
     *
     * Creates an account without a password and sends its owner a link to choose one. The token in the link is for
     * `POST /auth/reset-password/confirm`.
     */
    public inviteUser<ThrowOnError extends boolean = true>(options: Options<AdminInviteUserData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminInviteUserResponses, AdminInviteUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete an account and all data about its user
     *
     * Delete an account and all data about its user. Requires `users:write` and a recent authentication.
     */
    public deleteUser<ThrowOnError extends boolean = true>(options: Options<AdminDeleteUserData, ThrowOnError>) {
        return (options.client ?? this.client).delete<AdminDeleteUserResponses, AdminDeleteUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get an account
     *
     * Get an account. Requires `users:read`.
     */
    public readUser<ThrowOnError extends boolean = true>(options: Options<AdminReadUserData, ThrowOnError>) {
        return (options.client ?? this.client).get<AdminReadUserResponses, AdminReadUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}',
            ...options
        });
    }
    
    /**
     * Update an account: display name, email address, active and verified state
     *
     * Update an account: display name, email address, active and verified state. Requires `users:write`.
     *
     * A new email address counts as unverified, and both addresses are notified. To change your own email address, use
     * `POST /users/me/email`. Disabling an account ends its sessions and invalidates its links.
     */
    public changeUser<ThrowOnError extends boolean = true>(options: Options<AdminChangeUserData, ThrowOnError>) {
        return (options.client ?? this.client).patch<AdminChangeUserResponses, AdminChangeUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Replace the roles of an account
     *
     * Replace the roles of an account. Requires `users:write` and every permission that the roles grant.
     */
    public setUserRoles<ThrowOnError extends boolean = true>(options: Options<AdminSetUserRolesData, ThrowOnError>) {
        return (options.client ?? this.client).put<AdminSetUserRolesResponses, AdminSetUserRolesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/roles',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * End all sessions of an account
     *
     * End all sessions of an account. Requires `users:write`.
     */
    public logoutUser<ThrowOnError extends boolean = true>(options: Options<AdminLogoutUserData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminLogoutUserResponses, AdminLogoutUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/logout',
            ...options
        });
    }
    
    /**
     * Send the owner of an account an email with a link to set a new password
     *
     * Send the owner of an account an email with a link to set a new password. Requires `users:write`.
     *
     * If an administrator set the email address, the link verifies it first, or accepts the invitation. It is sent only to
     * the owner; the response does not contain it.
     */
    public sendPasswordReset<ThrowOnError extends boolean = true>(options: Options<AdminSendPasswordResetData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminSendPasswordResetResponses, AdminSendPasswordResetErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/reset-password',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get an access token of another user, to see what they see
     *
     * Get an access token of another user, to see what they see. Requires `users:impersonate` and a recent
     * authentication.
     *
     * The token has the claim `act` (RFC 8693) and no refresh token. It is valid for 30 minutes, and for nothing that
     * affects who has access to the account. The user is notified. In cookie mode, logging out returns to your session.
     */
    public impersonate<ThrowOnError extends boolean = true>(options: Options<AdminImpersonateData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminImpersonateResponses, AdminImpersonateErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/impersonate',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List all roles, built-in roles first
     *
     * List all roles, built-in roles first. Requires `roles:read`.
     */
    public listRoles<ThrowOnError extends boolean = true>(options?: Options<AdminListRolesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminListRolesResponses, AdminListRolesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles',
            ...options
        });
    }
    
    /**
     * Create a role
     *
     * Create a role. Requires `roles:write` and every permission that the role grants.
     */
    public makeRole<ThrowOnError extends boolean = true>(options: Options<AdminMakeRoleData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminMakeRoleResponses, AdminMakeRoleErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete an unused role
     *
     * Delete an unused role. Requires `roles:write`.
     *
     * No account may have the role and no other role may inherit it. Built-in roles cannot be deleted.
     */
    public deleteRole<ThrowOnError extends boolean = true>(options: Options<AdminDeleteRoleData, ThrowOnError>) {
        return (options.client ?? this.client).delete<AdminDeleteRoleResponses, AdminDeleteRoleErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles/{name}',
            ...options
        });
    }
    
    /**
     * Get a role
     *
     * Get a role. Requires `roles:read`.
     */
    public readRole<ThrowOnError extends boolean = true>(options: Options<AdminReadRoleData, ThrowOnError>) {
        return (options.client ?? this.client).get<AdminReadRoleResponses, AdminReadRoleErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles/{name}',
            ...options
        });
    }
    
    /**
     * Update a role
     *
     * Update a role. Requires `roles:write` and every permission that the role grants before and after the change.
     *
     * The change applies to all users with the role from their next request. Built-in roles cannot be changed.
     */
    public changeRole<ThrowOnError extends boolean = true>(options: Options<AdminChangeRoleData, ThrowOnError>) {
        return (options.client ?? this.client).patch<AdminChangeRoleResponses, AdminChangeRoleErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles/{name}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Search the audit log, newest events first
     *
     * Search the audit log, newest events first. Requires `audit:read`.
     */
    public readAudit<ThrowOnError extends boolean = true>(options?: Options<AdminReadAuditData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminReadAuditResponses, AdminReadAuditErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/audit',
            ...options
        });
    }
    
    /**
     * Get account statistics
     *
     * Get account statistics. Requires `users:read`.
     *
     * Returns the number of accounts and sessions, and the sign-ups and logins of the last 30 days.
     */
    public readStats<ThrowOnError extends boolean = true>(options?: Options<AdminReadStatsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminReadStatsResponses, AdminReadStatsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/stats',
            ...options
        });
    }
    
    /**
     * Count how often each step of a sign-up, login or password reset was reached
     *
     * Count how often each step of a sign-up, login or password reset was reached. Requires `users:read`.
     *
     * The counts contain no personal data, and are a few seconds old.
     */
    public readFunnel<ThrowOnError extends boolean = true>(options?: Options<AdminReadFunnelData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminReadFunnelResponses, AdminReadFunnelErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/stats/funnel',
            ...options
        });
    }
    
    /**
     * List the API keys of a user or of all users, newest first
     *
     * List the API keys of a user or of all users, newest first. Requires `users:read`.
     */
    public listApiKeysOfUsers<ThrowOnError extends boolean = true>(options?: Options<AdminListApiKeysOfUsersData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminListApiKeysOfUsersResponses, AdminListApiKeysOfUsersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/api-keys',
            ...options
        });
    }
    
    /**
     * Delete an API key of any user
     *
     * Delete an API key of any user. Requires `users:write`.
     */
    public endApiKey<ThrowOnError extends boolean = true>(options: Options<AdminEndApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).delete<AdminEndApiKeyResponses, AdminEndApiKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/api-keys/{key_id}',
            ...options
        });
    }
    
    /**
     * Set the rate limit of an API key
     *
     * Set the rate limit of an API key. Requires `users:write`.
     */
    public changeApiKey<ThrowOnError extends boolean = true>(options: Options<AdminChangeApiKeyData, ThrowOnError>) {
        return (options.client ?? this.client).patch<AdminChangeApiKeyResponses, AdminChangeApiKeyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/api-keys/{key_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List all webhooks, oldest first, without their secrets
     *
     * List all webhooks, oldest first, without their secrets. Requires `webhooks:read`.
     */
    public listWebhooks<ThrowOnError extends boolean = true>(options?: Options<AdminListWebhooksData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminListWebhooksResponses, AdminListWebhooksErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks',
            ...options
        });
    }
    
    /**
     * Create a webhook
     *
     * Create a webhook. The response contains its secret, which is not shown again. Requires `webhooks:write`.
     *
     * Requests are signed according to Standard Webhooks. The URL must be https and public.
     */
    public createWebhook<ThrowOnError extends boolean = true>(options: Options<AdminCreateWebhookData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminCreateWebhookResponses, AdminCreateWebhookErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a webhook and its deliveries
     *
     * Delete a webhook and its deliveries. Requires `webhooks:write`.
     */
    public deleteWebhook<ThrowOnError extends boolean = true>(options: Options<AdminDeleteWebhookData, ThrowOnError>) {
        return (options.client ?? this.client).delete<AdminDeleteWebhookResponses, AdminDeleteWebhookErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks/{webhook_id}',
            ...options
        });
    }
    
    /**
     * Get a webhook
     *
     * Get a webhook. Requires `webhooks:read`.
     */
    public readWebhook<ThrowOnError extends boolean = true>(options: Options<AdminReadWebhookData, ThrowOnError>) {
        return (options.client ?? this.client).get<AdminReadWebhookResponses, AdminReadWebhookErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks/{webhook_id}',
            ...options
        });
    }
    
    /**
     * Change a webhook, or enable or disable it
     *
     * Change a webhook, or enable or disable it. Requires `webhooks:write`.
     */
    public changeWebhook<ThrowOnError extends boolean = true>(options: Options<AdminChangeWebhookData, ThrowOnError>) {
        return (options.client ?? this.client).patch<AdminChangeWebhookResponses, AdminChangeWebhookErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks/{webhook_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Replace the secret of a webhook
     *
     * Replace the secret of a webhook. Both secrets sign for 24 hours. Requires `webhooks:write`.
     */
    public rotateWebhookSecret<ThrowOnError extends boolean = true>(options: Options<AdminRotateWebhookSecretData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminRotateWebhookSecretResponses, AdminRotateWebhookSecretErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks/{webhook_id}/rotate-secret',
            ...options
        });
    }
    
    /**
     * Send a test event (`webhook
     *
     * Send a test event (`webhook.test`) to a webhook. Requires `webhooks:write`.
     */
    public testWebhook<ThrowOnError extends boolean = true>(options: Options<AdminTestWebhookData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminTestWebhookResponses, AdminTestWebhookErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks/{webhook_id}/test',
            ...options
        });
    }
    
    /**
     * List the deliveries of a webhook, newest first
     *
     * List the deliveries of a webhook, newest first. Requires `webhooks:read`.
     */
    public listDeliveries<ThrowOnError extends boolean = true>(options: Options<AdminListDeliveriesData, ThrowOnError>) {
        return (options.client ?? this.client).get<AdminListDeliveriesResponses, AdminListDeliveriesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks/{webhook_id}/deliveries',
            ...options
        });
    }
    
    /**
     * Send a delivery again, with the same event and id
     *
     * Send a delivery again, with the same event and id. Requires `webhooks:write`.
     */
    public retryDelivery<ThrowOnError extends boolean = true>(options: Options<AdminRetryDeliveryData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminRetryDeliveryResponses, AdminRetryDeliveryErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks/{webhook_id}/deliveries/{delivery_id}/retry',
            ...options
        });
    }
    
    /**
     * Send the events of a period again, with the same ids
     *
     * Send the events of a period again, with the same ids. Requires `webhooks:write`.
     */
    public replayEvents<ThrowOnError extends boolean = true>(options: Options<AdminReplayEventsData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminReplayEventsResponses, AdminReplayEventsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/webhooks/{webhook_id}/replay',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the OAuth clients, newest first, without their secrets
     *
     * List the OAuth clients, newest first, without their secrets. Requires `clients:read`.
     */
    public listClients<ThrowOnError extends boolean = true>(options?: Options<AdminListClientsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminListClientsResponses, AdminListClientsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/clients',
            ...options
        });
    }
    
    /**
     * Create an OAuth client: an application that logs users in with this service
     *
     * Create an OAuth client: an application that logs users in with this service. Requires `clients:write`.
     *
     * The response contains its secret, which is not shown again. You can grant it only permissions that you hold.
     */
    public createClient<ThrowOnError extends boolean = true>(options: Options<AdminCreateClientData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminCreateClientResponses, AdminCreateClientErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/clients',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete an OAuth client, with all its grants and tokens
     *
     * Delete an OAuth client, with all its grants and tokens. Requires `clients:write`.
     */
    public deleteClient<ThrowOnError extends boolean = true>(options: Options<AdminDeleteClientData, ThrowOnError>) {
        return (options.client ?? this.client).delete<AdminDeleteClientResponses, AdminDeleteClientErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/clients/{client_id}',
            ...options
        });
    }
    
    /**
     * Get an OAuth client, without its secret
     *
     * Get an OAuth client, without its secret. Requires `clients:read`.
     */
    public readClient<ThrowOnError extends boolean = true>(options: Options<AdminReadClientData, ThrowOnError>) {
        return (options.client ?? this.client).get<AdminReadClientResponses, AdminReadClientErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/clients/{client_id}',
            ...options
        });
    }
    
    /**
     * Change some fields of an OAuth client
     *
     * Change some fields of an OAuth client. Its `type` cannot change. Requires `clients:write`.
     */
    public changeClient<ThrowOnError extends boolean = true>(options: Options<AdminChangeClientData, ThrowOnError>) {
        return (options.client ?? this.client).patch<AdminChangeClientResponses, AdminChangeClientErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/clients/{client_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Replace the secret of an OAuth client
     *
     * Replace the secret of an OAuth client. Requires `clients:write`.
     *
     * The old secret remains valid for `overlap_seconds`: none unless given, a day at most.
     */
    public rotateClientSecret<ThrowOnError extends boolean = true>(options: Options<AdminRotateClientSecretData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminRotateClientSecretResponses, AdminRotateClientSecretErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/clients/{client_id}/rotate-secret',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
}

export class System extends HeyApiClient {
    /**
     * List the origins whose pages may use passkeys
     *
     * List the origins whose pages may use passkeys.
     *
     * See WebAuthn Level 3, section 5.11.
     */
    public relatedOrigins<ThrowOnError extends boolean = true>(options?: Options<SystemRelatedOriginsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemRelatedOriginsResponses, SystemRelatedOriginsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/webauthn',
            ...options
        });
    }
    
    /**
     * Get the pages on which passkeys are managed
     *
     * Get the pages on which passkeys are managed.
     *
     * For password managers: see the W3C document A Well-Known URL for Relying Party Passkey Endpoints.
     */
    public passkeyEndpoints<ThrowOnError extends boolean = true>(options?: Options<SystemPasskeyEndpointsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemPasskeyEndpointsResponses, SystemPasskeyEndpointsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/passkey-endpoints',
            ...options
        });
    }
    
    /**
     * Get the name and version of the service
     *
     * Get the name and version of the service. A browser, which accepts `text/html`, gets a page.
     */
    public welcome<ThrowOnError extends boolean = true>(options?: Options<SystemWelcomeData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemWelcomeResponses, SystemWelcomeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/',
            ...options
        });
    }
    
    /**
     * Get the security contact (RFC 9116)
     *
     * Get the security contact (RFC 9116). Available only if SECURITY_CONTACT is set.
     */
    public securityContact<ThrowOnError extends boolean = true>(options?: Options<SystemSecurityContactData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemSecurityContactResponses, SystemSecurityContactErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/security.txt',
            ...options
        });
    }
    
    /**
     * Check liveness
     *
     * Check liveness. Responds while the process runs.
     */
    public health<ThrowOnError extends boolean = true>(options?: Options<SystemHealthData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemHealthResponses, unknown, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/health',
            ...options
        });
    }
    
    /**
     * Check readiness
     *
     * Check readiness.
     *
     * `degraded` means that requests are served, but a service other than the database cannot be reached.
     */
    public ready<ThrowOnError extends boolean = true>(options?: Options<SystemReadyData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemReadyResponses, SystemReadyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/health/ready',
            ...options
        });
    }
    
    /**
     * Get metrics in the Prometheus format, summed over all workers
     *
     * Get metrics in the Prometheus format, summed over all workers.
     *
     * In production, this endpoint requires `Authorization: Bearer <METRICS_TOKEN>`.
     */
    public readMetrics<ThrowOnError extends boolean = true>(options?: Options<SystemReadMetricsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemReadMetricsResponses, SystemReadMetricsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/metrics',
            ...options
        });
    }
    
    /**
     * List the emails in the development mailbox, newest first
     *
     * List the emails in the development mailbox, newest first.
     *
     * The response is a page, or JSON with `?format=json`. Available only in development without an SMTP server.
     */
    public mailbox<ThrowOnError extends boolean = true>(options?: Options<SystemMailboxData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemMailboxResponses, SystemMailboxErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/dev/mailbox',
            ...options
        });
    }
}

export class Internal extends HeyApiClient {
    /**
     * Read the events after a cursor, oldest first
     *
     * Read the events after a cursor, oldest first.
     *
     * Requires a service token, or an API key with `audit:read`. The events and their ids are those of the webhooks. A
     * cursor never skips an event.
     */
    public readEvents<ThrowOnError extends boolean = true>(options?: Options<InternalReadEventsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<InternalReadEventsResponses, InternalReadEventsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/internal/events',
            ...options
        });
    }
    
    /**
     * List all users, oldest first, with a cursor to continue in the event feed
     *
     * List all users, oldest first, with a cursor to continue in the event feed.
     */
    public listUsers<ThrowOnError extends boolean = true>(options?: Options<InternalListUsersData, ThrowOnError>) {
        return (options?.client ?? this.client).get<InternalListUsersResponses, InternalListUsersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/internal/users',
            ...options
        });
    }
    
    /**
     * Introspect an access token, or up to 100 in one request (RFC 7662)
     *
     * Introspect an access token, or up to 100 in one request (RFC 7662).
     *
     * Returns whether the token is valid, and its claims; for `tokens`, the same for each in `items`, in the same order.
     * The session and the account are looked up for each request.
     */
    public introspect<ThrowOnError extends boolean = true>(options: Options<InternalIntrospectData, ThrowOnError>) {
        return (options.client ?? this.client).post<InternalIntrospectResponses, InternalIntrospectErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/internal/introspect',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get a user by `user_id`
     *
     * Get a user by `user_id`.
     */
    public readUser<ThrowOnError extends boolean = true>(options: Options<InternalReadUserData, ThrowOnError>) {
        return (options.client ?? this.client).get<InternalReadUserResponses, InternalReadUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/internal/users/{user_id}',
            ...options
        });
    }
    
    /**
     * Look up at most 500 users by id or email address
     *
     * Look up at most 500 users by id or email address. Unknown users are omitted.
     */
    public lookupUsers<ThrowOnError extends boolean = true>(options: Options<InternalLookupUsersData, ThrowOnError>) {
        return (options.client ?? this.client).post<InternalLookupUsersResponses, InternalLookupUsersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/internal/users/lookup',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
}

export class Operations extends HeyApiClient {
    public static readonly __registry = new HeyApiRegistry<Operations>();
    
    constructor(args?: {
        client?: Client;
        key?: string;
    }) {
        super(args);
        Operations.__registry.set(this, args?.key);
    }
    
    private _auth?: Auth;
    get auth(): Auth {
        return this._auth ??= new Auth({ client: this.client });
    }
    
    private _users?: Users;
    get users(): Users {
        return this._users ??= new Users({ client: this.client });
    }
    
    private _oauth2?: Oauth2;
    get oauth2(): Oauth2 {
        return this._oauth2 ??= new Oauth2({ client: this.client });
    }
    
    private _oauth?: Oauth;
    get oauth(): Oauth {
        return this._oauth ??= new Oauth({ client: this.client });
    }
    
    private _admin?: Admin;
    get admin(): Admin {
        return this._admin ??= new Admin({ client: this.client });
    }
    
    private _system?: System;
    get system(): System {
        return this._system ??= new System({ client: this.client });
    }
    
    private _internal?: Internal;
    get internal(): Internal {
        return this._internal ??= new Internal({ client: this.client });
    }
}
